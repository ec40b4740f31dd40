#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Installs the Debian 12 packages that building, testing and running Plumbline need. Run by
# tools/demo and tools/test; safe to run again: when all are there it asks nothing of the network.
#
#   tools/install_packages.sh          # build and run
#   tools/install_packages.sh --tests  # and what the test suite needs
#   tools/install_packages.sh --benchmarks  # and what bench/query needs
set -euo pipefail

build=(g++ cmake ninja-build pkg-config ccache mold
       libwiredtiger-dev libmongoc-dev libcli11-dev libfmt-dev libyaml-cpp-dev libpcre2-dev
       libintelrdfpmath-dev libboost1.81-dev libssl-dev libsnappy-dev libzstd-dev zlib1g-dev tzdata)
tests=(libgtest-dev libgmock-dev librapidcheck-dev
       python3 python3-pymongo python3-pymongo-ext python3-bson-ext python3-motor python3-dotenv python3-yaml
       clang-format clang-tidy git openssl)
benchmarks=(libbenchmark-dev linux-perf)

wanted=("${build[@]}")
if [ "${1:-}" = "--benchmarks" ]; then
    wanted+=("${benchmarks[@]}")
fi
if [ "${1:-}" = "--tests" ]; then
    wanted+=("${tests[@]}")
    # A Node.js that is already there brings its own npm, which Debian's package would fight with.
    command -v node >/dev/null || wanted+=(nodejs)
    command -v npm >/dev/null || wanted+=(npm)
fi

missing=()
for package in "${wanted[@]}"; do
    if ! dpkg-query -W -f='${db:Status-Status}' "$package" 2>/dev/null | grep -qx installed; then
        missing+=("$package")
    fi
done
if [ ${#missing[@]} -eq 0 ]; then
    exit 0
fi

as_root=()
if [ "$(id -u)" -ne 0 ]; then
    command -v sudo >/dev/null || {
        echo "install_packages: run as root, or install sudo; needed: ${missing[*]}" >&2
        exit 1
    }
    as_root=(sudo)
fi
echo "Installing: ${missing[*]}"
export DEBIAN_FRONTEND=noninteractive
"${as_root[@]}" apt-get update -qq
"${as_root[@]}" env DEBIAN_FRONTEND=noninteractive \
    apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
