#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Installs mongosh and the Node driver as package-lock.json pins them, into tests/client/node_modules.
# No package's own install script is run: none that we need has one.
set -euo pipefail
cd "$(dirname "$0")"
if [ node_modules/.installed -nt package-lock.json ]; then
    exit 0
fi
npm ci --omit=optional --ignore-scripts --no-audit --no-fund --loglevel=error
touch node_modules/.installed
