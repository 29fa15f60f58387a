#!/usr/bin/env bash
# For cibuildwheel, in its manylinux image: the libraries of which that image has none, or too old ones. They are linked
# into the wheel.
set -euo pipefail

release=2025.01.13
dnf install -y git zip unzip tar perl-core
git clone --depth 1 --branch "$release" https://github.com/microsoft/vcpkg /opt/vcpkg
/opt/vcpkg/bootstrap-vcpkg.sh -disableMetrics
/opt/vcpkg/vcpkg install --clean-after-build \
    boost-asio boost-graph boost-system date nlohmann-json sqlite3 zlib
