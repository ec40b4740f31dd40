# SPDX-License-Identifier: GPL-3.0-or-later
# Third-party libraries, all from Debian 12 packages (tools/install_packages.sh lists them).
# Each has one home folder in src/; docs/ARCHITECTURE.md says which.

find_package(PkgConfig REQUIRED)
find_package(Threads REQUIRED)
find_package(fmt REQUIRED)
find_package(CLI11 REQUIRED)
find_package(OpenSSL 3 REQUIRED)
find_package(ZLIB REQUIRED)
find_package(Boost 1.81 REQUIRED)  # the headers of Asio and Beast
find_package(yaml-cpp REQUIRED)
if(PLUMB_TESTS)
    find_package(GTest REQUIRED)
endif()
pkg_check_modules(mongoc REQUIRED IMPORTED_TARGET libmongoc-1.0)
pkg_check_modules(zstd REQUIRED IMPORTED_TARGET libzstd)
pkg_check_modules(snappy REQUIRED IMPORTED_TARGET snappy)
pkg_check_modules(pcre2 REQUIRED IMPORTED_TARGET libpcre2-8)

# WiredTiger: Debian ships the header, the shared library and the snappy extension, but a
# pkg-config file without the extension's path.
find_path(WIREDTIGER_INCLUDE wiredtiger.h REQUIRED)
find_library(WIREDTIGER_LIBRARY wiredtiger REQUIRED)
find_library(WIREDTIGER_SNAPPY wiredtiger_snappy REQUIRED)
add_library(plumb_wiredtiger INTERFACE)
target_include_directories(plumb_wiredtiger SYSTEM INTERFACE "${WIREDTIGER_INCLUDE}")
target_link_libraries(plumb_wiredtiger INTERFACE "${WIREDTIGER_LIBRARY}")

# Intel's decimal floating point library, the variant with arguments by value, rounding and flags
# passed in each call: it keeps no global state, so it may be used from many threads.
find_path(BID_INCLUDE bid_functions.h REQUIRED)
find_library(BID_LIBRARY bidgcc000 REQUIRED)
add_library(plumb_bid INTERFACE)
target_include_directories(plumb_bid SYSTEM INTERFACE "${BID_INCLUDE}")
target_compile_definitions(plumb_bid INTERFACE
    DECIMAL_CALL_BY_REFERENCE=0 DECIMAL_GLOBAL_ROUNDING=0 DECIMAL_GLOBAL_EXCEPTION_FLAGS=0)
target_link_libraries(plumb_bid INTERFACE "${BID_LIBRARY}" m)

add_library(plumb_rapidcheck INTERFACE)
find_library(RAPIDCHECK_LIBRARY rapidcheck)
if(RAPIDCHECK_LIBRARY)
    target_link_libraries(plumb_rapidcheck INTERFACE "${RAPIDCHECK_LIBRARY}")
endif()
