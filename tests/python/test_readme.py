"""What README and docs/python.md show works as it stands."""

import os
import re
import subprocess
import sys
from pathlib import Path

SOURCE = Path(os.environ["AIRCARGO_SOURCE"])


def examples(file):
    return re.findall(r"```python\n(.*?)```", (SOURCE / file).read_text(), re.DOTALL)


def test_the_readme_books_a_shipment(tmp_path):
    example = examples("README.md")[0]
    ran = subprocess.run([sys.executable, "-c", example], cwd=tmp_path, capture_output=True, text=True, timeout=60)
    assert (ran.returncode, ran.stderr) == (0, "")
    assert ran.stdout == "['BOOKED', 'DEPARTED']\n"
    assert (tmp_path / "cargo.db").exists()


def test_it_takes_five_lines():
    example = examples("README.md")[0]
    assert len([line for line in example.splitlines() if line]) == 5


def test_the_page_on_python_books_a_thousand(tmp_path):
    example = next(text for text in examples("docs/python.md") if "gather" in text)
    program = "import aircargo.aio, asyncio\nasync def main():\n" + re.sub("^", "    ", example, flags=re.MULTILINE)
    program += "\n    print(len(bookings))\nasyncio.run(main())\n"
    ran = subprocess.run([sys.executable, "-c", program], cwd=tmp_path, capture_output=True, text=True, timeout=60)
    assert (ran.returncode, ran.stderr, ran.stdout) == (0, "", "1000\n")
