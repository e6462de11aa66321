@echo off
rem Start F1Timings on Windows by a double click; Python 3.11 or newer is all it needs. See docs/install.md.
rem Put this file beside a wheel (f1timings-*.whl), or leave it in the folder of the program.
setlocal
cd /d "%~dp0"
title F1Timings

set "PYTHON="
py -3 -c "import sys; sys.exit(sys.version_info < (3, 11))" >nul 2>nul
if not errorlevel 1 set "PYTHON=py -3"
if defined PYTHON goto install
python -c "import sys; sys.exit(sys.version_info < (3, 11))" >nul 2>nul
if not errorlevel 1 set "PYTHON=python"
if defined PYTHON goto install

echo.
echo F1Timings needs Python 3.11 or newer, and this computer has none.
echo 1. Open python.org/downloads in a browser and install the newest Python for Windows.
echo    In the first window of the installer, tick "Add python.exe to PATH".
echo 2. Double-click start-windows.cmd again.
echo.
pause
exit /b 1

:install
set "STEP=Creating the folder .venv"
if not exist ".venv\Scripts\python.exe" %PYTHON% -m venv .venv
if errorlevel 1 goto failed
set "WHEEL="
for %%f in (f1timings-*.whl) do set "WHEEL=%%f"
set "STEP=Installing what F1Timings needs"
echo %STEP%. The first time takes some minutes and needs the internet ...
if defined WHEEL goto wheel

.venv\Scripts\python.exe -m pip install --quiet --disable-pip-version-check -r requirements.txt
if errorlevel 1 goto failed
echo Starting. The admin page opens in the browser. To stop, press Ctrl+C in this window.
.venv\Scripts\python.exe main.py --open-page admin %*
if errorlevel 1 goto stopped
exit /b 0

:wheel
.venv\Scripts\python.exe -m pip install --quiet --disable-pip-version-check "%WHEEL%"
if errorlevel 1 goto failed
echo Starting. The admin page opens in the browser. To stop, press Ctrl+C in this window.
.venv\Scripts\python.exe -m f1timings serve --open-page admin %*
if errorlevel 1 goto stopped
exit /b 0

:stopped
echo.
echo F1Timings has stopped. The reason is above.
echo If another program uses a port, or this window is open twice: close the other one, then start again.
echo.
pause
exit /b 1

:failed
echo.
echo %STEP% failed. The reason is above.
echo The first start needs the internet, and a Python of 64 bits.
echo If it fails again: delete the folder .venv beside this file, and try once more. Your data are in the folder data.
echo.
pause
exit /b 1
