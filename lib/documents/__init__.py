"""Files that leave the house: TextTables as Word, Excel, CSV and clipboard. Nothing here computes a number."""
