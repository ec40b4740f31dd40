# SPDX-License-Identifier: GPL-3.0-or-later
# The only way to add a folder: one static library, and one test binary from its *_test.cpp files.
#
#   plumb_library(plan
#       SOURCES bounds.cpp planner.cpp
#       TESTS   bounds_test.cpp planner_test.cpp
#       USES    plumb_query plumb_storage plumb_bson plumb_base
#       LIBS    fmt::fmt            # third-party, private to the folder
#       TEST_LIBS plumb_rapidcheck)
function(plumb_library NAME)
    cmake_parse_arguments(ARG "" "" "SOURCES;TESTS;USES;LIBS;TEST_LIBS" ${ARGN})
    set(target plumb_${NAME})
    add_library(${target} STATIC ${ARG_SOURCES})
    target_include_directories(${target} PUBLIC "${CMAKE_SOURCE_DIR}/src")
    target_link_libraries(${target} PUBLIC ${ARG_USES} PRIVATE plumb_warnings ${ARG_LIBS})
    if(ARG_TESTS AND PLUMB_TESTS)
        add_executable(${target}_test ${ARG_TESTS})
        target_link_libraries(${target}_test
            PRIVATE ${target} plumb_warnings ${ARG_LIBS} ${ARG_TEST_LIBS}
                    GTest::gmock GTest::gtest_main)
        add_test(NAME unit.${NAME} COMMAND ${target}_test)
        set_tests_properties(unit.${NAME} PROPERTIES ENVIRONMENT "TZ=Asia/Kolkata" TIMEOUT 300)
    endif()
endfunction()

# A program of ours: plumb_program(plumbd SOURCES main.cpp USES plumb_wire)
function(plumb_program NAME)
    cmake_parse_arguments(ARG "" "" "SOURCES;USES;LIBS" ${ARGN})
    add_executable(${NAME} ${ARG_SOURCES})
    target_include_directories(${NAME} PRIVATE "${CMAKE_SOURCE_DIR}/src")
    target_link_libraries(${NAME} PRIVATE ${ARG_USES} plumb_warnings ${ARG_LIBS})
    set_target_properties(${NAME} PROPERTIES RUNTIME_OUTPUT_DIRECTORY "${CMAKE_BINARY_DIR}/bin")
endfunction()
