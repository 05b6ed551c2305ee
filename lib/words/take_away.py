"""Words of the buttons below a table."""

COPY = "Copy"
COPIED = "Copied"
NOT_COPIED = "This browser does not let the page copy. Please take the Word file."
WORD, EXCEL, CSV = "Word", "Excel", "CSV"
WORD_HELP = "A table with its footnotes, ready to edit"
EXCEL_HELP = "Numbers as numbers, to calculate with"
CSV_HELP = {
    False: "One number in each cell, for every Excel with a decimal point; commas part the cells",
    True: "One number in each cell, for an Excel with a decimal comma (as your browser's language has); semicolons "
    "part the cells",
}
