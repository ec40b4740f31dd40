# SPDX-License-Identifier: GPL-3.0-or-later
# What every target of ours is compiled with: warnings, ccache and a fast linker where they exist.

find_program(PLUMB_CCACHE ccache)
if(PLUMB_CCACHE)
    set(CMAKE_CXX_COMPILER_LAUNCHER "${PLUMB_CCACHE}")
endif()

find_program(PLUMB_MOLD mold)
if(PLUMB_MOLD)
    add_link_options(-fuse-ld=mold)
endif()

# -g1 keeps backtraces and costs a third of the time and disk of full debug information.
set(CMAKE_CXX_FLAGS_RELWITHDEBINFO "-O2 -g1")

add_library(plumb_warnings INTERFACE)
target_compile_options(plumb_warnings INTERFACE
    -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wsign-conversion -Wold-style-cast
    -Wnon-virtual-dtor -Woverloaded-virtual -Wimplicit-fallthrough -Wextra-semi -Wundef
    $<$<CXX_COMPILER_ID:GNU>:-Wduplicated-cond -Wlogical-op>
    $<$<BOOL:${PLUMB_WERROR}>:-Werror>)

set(PLUMB_SANITIZE "" CACHE STRING "Comma list for -fsanitize, for example address,undefined")
if(PLUMB_SANITIZE)
    add_compile_options(-fsanitize=${PLUMB_SANITIZE} -fno-omit-frame-pointer)
    add_link_options(-fsanitize=${PLUMB_SANITIZE})
endif()

option(PLUMB_FUZZ "Build the libFuzzer program; needs clang++" OFF)
if(PLUMB_FUZZ)
    add_compile_options(-fsanitize=fuzzer-no-link,address,undefined -fno-sanitize-recover=undefined
                        -fno-omit-frame-pointer)
    add_link_options(-fsanitize=address,undefined)
endif()
