#!/usr/bin/env bash
# typst 0.15.2: text in a script that no font has is no warning in an ordinary PDF, and the page shows nothing
# or a box for it; an unknown font family is a warning. Only a standard makes it an error, and one
# that ends the compilation: a name from the data decides whether there is a file.
# PDF/UA-1 as Typst holds it asks for a title, and neither for a language nor for the head of a table.
# Seen:
#   ordinary PDF: made, 0 warnings
#   unknown font: made, 1 warnings
#   a-3a: the text `"漢"` could not be displayed with font `"Libertinus Serif"`
#   ua-1: the text `"漢"` could not be displayed with font `"Libertinus Serif"`
#   ua-1, no title: missing document title
#   ua-1, table without a head, no language: made, 0 warnings
set -euo pipefail
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
python3 -m venv "$place/venv"
"$place/venv/bin/pip" install --quiet --disable-pip-version-check typst==0.15.2
"$place/venv/bin/python" - >"$place/said" <<'P'
import typst


def tried(source: str, *standards: str) -> str:
    try:
        _, warnings = typst.compile_with_warnings(
            source.encode(), ignore_system_fonts=True, pdf_standards=list(standards), timestamp=0
        )
    except typst.TypstError as error:
        return error.message.split("error: ")[-1]
    return f"made, {len(warnings)} warnings"


titled = '#set document(title: "Report")\n'
name = '#set text(lang: "en")\nThe owner is #"漢".'
print("ordinary PDF:", tried(titled + name))
print("unknown font:", tried(titled + '#set text(font: "Nowhere")\nwords'))
print("a-3a:", tried(titled + name, "a-3a"))
print("ua-1:", tried(titled + name, "ua-1"))
print("ua-1, no title:", tried("words", "ua-1"))
table = "#table(columns: 2, [name], [rows], [orders], [3])"
print("ua-1, table without a head, no language:", tried(titled + table, "ua-1"))
P
cat "$place/said"
diff <(sed -n 's/^#   //p' "$0") "$place/said"
