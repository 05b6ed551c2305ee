"""The look of report.html."""

STYLE = (
    "body{font-family:Arial,Helvetica,sans-serif;color:#1a1a1a;background:#fff;margin:0;line-height:1.45}"
    "main{max-width:980px;margin:0 auto;padding:16px}h1{font-size:1.6rem}h2{font-size:1.25rem;margin-top:2rem}"
    "figure{margin:1.5rem 0}figcaption{font-size:.9rem;color:#444}h3{margin:2.5rem 0 .25rem}"
    ".says{margin:.25rem 0 .5rem}img{max-width:100%;height:auto}"
    ".table{overflow-x:auto;margin:1rem 0}.table:focus-visible{outline:2px solid #005ea2}"
    "td:not(:first-child){white-space:nowrap}small{color:#444;white-space:normal}"
    "@media print{figure,tr{break-inside:avoid}}"
)
