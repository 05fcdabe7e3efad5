"""`python -m tests.comparison`: asks both and writes docs/checks-against-acro.md."""

from tests.comparison.page import PAGE, ask_acro, page

if __name__ == "__main__":
    PAGE.write_text(page(ask_acro()))
