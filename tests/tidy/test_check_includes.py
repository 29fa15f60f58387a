"""The include check must find what is planted, and nothing else."""

import shutil
import sys
import tempfile
import unittest
from pathlib import Path

sys.dont_write_bytecode = True
import check_includes  # noqa: E402

TREE = Path(__file__).parents[2]


class CheckIncludes(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.root = Path(folder.name).resolve()
        for part in ("include", "src"):
            shutil.copytree(TREE / part, self.root / part, ignore=shutil.ignore_patterns("*.csv"))
        shutil.copy(TREE / "CMakeLists.txt", self.root)
        self.before = set(check_includes.check(self.root))

    def findings_after(self, path, *lines):
        """What is found besides, once the lines stand at the end of the file."""
        with open(self.root / path, "a", encoding="utf-8") as file:
            file.write("\n".join(["", *lines, ""]))
        return [finding.text for finding in set(check_includes.check(self.root)) - self.before]

    def assert_refused(self, path, *lines, because):
        found = self.findings_after(path, *lines)
        self.assertEqual(len(found), 1, found)
        self.assertRegex(found[0], because)

    def test_pure_header_that_includes_a_port(self):
        self.assert_refused(
            "include/aircargo/booking/booking.hpp",
            "#include <aircargo/store/booking_store.hpp>",
            because="'booking' may not include <aircargo/store/booking_store.hpp>",
        )

    def test_core_that_includes_what_stands_on_it(self):
        self.assert_refused(
            "include/aircargo/core/error.hpp",
            "#  include <aircargo/booking/booking.hpp>",
            because="'core' may not include",
        )

    def test_pure_header_with_a_mutex(self):
        self.assert_refused("include/aircargo/core/error.hpp", "#include <mutex>", because="is pure")

    def test_pure_header_that_reads_a_clock(self):
        self.assert_refused(
            "include/aircargo/booking/booking.hpp",
            "inline auto f() { return std::chrono::system_clock::now(); }",
            because="take 'now' as an argument",
        )

    def test_pure_header_that_only_speaks_of_clocks_and_ports(self):
        found = self.findings_after(
            "include/aircargo/booking/booking.hpp",
            "// never std::chrono::system_clock::now()",
            "/* nor",
            "#include <aircargo/store/booking_store.hpp>",
            "*/",
        )
        self.assertEqual(found, [])

    def test_driver_header_outside_its_folder(self):
        for path in ("include/aircargo/store/booking_store.hpp", "src/service/planted.cpp"):
            with self.subTest(path):
                (self.root / path).parent.mkdir(exist_ok=True)
                found = self.findings_after(path, "#include <sqlite3.h>")
                self.assertTrue(any("may not include <sqlite3.h>" in text for text in found), found)

    def test_driver_header_in_its_folder(self):
        (self.root / "src/sqlite").mkdir(exist_ok=True)
        self.assertEqual(
            self.findings_after("src/sqlite/planted.cpp", "#include <sqlite3.h>"),
            ["is not listed in any CMakeLists.txt"],
        )

    def test_service_that_includes_a_backend(self):
        (self.root / "src/service").mkdir(exist_ok=True)
        found = self.findings_after("src/service/planted.cpp", "#include <aircargo/store/memory.hpp>")
        self.assertTrue(any("may not include the backend" in text for text in found), found)

    def test_asio_outside_async(self):
        self.assert_refused(
            "include/aircargo/store/booking_store.hpp",
            "#include <boost/asio/post.hpp>",
            because="only async knows Asio",
        )

    def test_search_that_includes_the_graph_view(self):
        found = self.findings_after(
            "include/aircargo/routing/search.hpp",
            "#include <boost/graph/graph_traits.hpp>",
            "#include <boost/property_map/property_map.hpp>",
            "#include <aircargo/routing/graph.hpp>",
        )
        self.assertEqual(len(found), 3, found)
        for text in found:
            self.assertRegex(text, "only the graph view of a schedule knows Boost.Graph")

    def test_graph_view_that_includes_boost_graph(self):
        found = self.findings_after("include/aircargo/routing/graph.hpp", "#include <boost/graph/depth_first_search.hpp>")
        self.assertEqual(found, [])

    def test_header_that_no_list_names(self):
        self.assert_refused("include/aircargo/core/planted.hpp", because="not listed")

    def test_folder_without_a_row(self):
        (self.root / "include/aircargo/planted").mkdir()
        found = self.findings_after("include/aircargo/planted/a.hpp", "#include <string>")
        self.assertTrue(any("has no row" in text for text in found), found)


if __name__ == "__main__":
    unittest.main()
