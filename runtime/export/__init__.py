"""Lists as files: the text of each value, and the formats in which rows of them leave."""
