"""Tables of scores to figures and a page.

In: what the evaluation wrote. Out: matplotlib figures, one HTML file, and cards in Markdown.

comparison   the tables, read back
costs        what each model costs, with all that it reads
figures      figures of all models at once
panels       figures with a panel for each model
explanation  figures of what decides: features, and where tracks lie
robustness   the figure of what models lose where a recording changes
page         all figures and tables in page.html
cards        a model card for each model, by cards.md
study        what the study published, and whether it may stand beside ours
"""
