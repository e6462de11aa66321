"""The generated parts of the documentation: tables and examples made from the code that they describe.

A document marks a generated part with two comments, ``<!-- generated: NAME -->`` and ``<!-- end -->``.
``python -m scripts.documentation`` updates all parts; with ``--check`` it only lists the outdated documents.
"""
