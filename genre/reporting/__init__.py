"""Tables of scores to figures and a page.

In: what the evaluation wrote. Out: matplotlib figures, and one HTML file.

comparison  the tables, read back
costs       what each model costs, with all that it reads
figures     figures of all models at once
panels      figures with a panel for each model
robustness  the figure of what models lose where a recording changes
page        all figures and tables in page.html
study       what the study published, and whether it may stand beside ours
"""
