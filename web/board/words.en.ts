export const en = {
  "board.rank": "Place",
  "board.leader": "leader",
} as const;
