# Targets and their properties: one call per folder, no global flag.
include_guard()

option(YAGURA_WERROR "Treat warnings as errors" OFF)
set(YAGURA_SANITIZE "" CACHE STRING "Value of -fsanitize=, empty for none")

if(NOT CMAKE_BUILD_TYPE)
  set(CMAKE_BUILD_TYPE Release CACHE STRING "" FORCE)
endif()
set(CMAKE_CXX_FLAGS_RELEASE "-O3 -DNDEBUG")
set(CMAKE_CXX_FLAGS_DEV "-O1 -g1")  # quick to compile, assertions on

find_program(YAGURA_CCACHE ccache)
if(YAGURA_CCACHE AND NOT CMAKE_CXX_COMPILER_LAUNCHER)
  set(CMAKE_CXX_COMPILER_LAUNCHER ${YAGURA_CCACHE})
endif()
find_program(YAGURA_MOLD mold)

add_library(yagura_options INTERFACE)
target_compile_features(yagura_options INTERFACE cxx_std_20)
set_target_properties(yagura_options PROPERTIES INTERFACE_POSITION_INDEPENDENT_CODE ON)
target_include_directories(yagura_options INTERFACE ${PROJECT_SOURCE_DIR})
if(YAGURA_SANITIZE)
  target_compile_options(yagura_options INTERFACE -fsanitize=${YAGURA_SANITIZE} -fno-sanitize-recover=all -fno-omit-frame-pointer)
  target_link_options(yagura_options INTERFACE -fsanitize=${YAGURA_SANITIZE})
else()
  # Hardening that costs next to nothing (docs/security.md).
  target_compile_options(yagura_options INTERFACE
    -fstack-protector-strong -fstack-clash-protection -fcf-protection=full -ftrivial-auto-var-init=zero
    -fno-delete-null-pointer-checks -fno-strict-overflow
    $<$<CONFIG:Release,Dev>:-U_FORTIFY_SOURCE> $<$<CONFIG:Release,Dev>:-D_FORTIFY_SOURCE=3> -D_GLIBCXX_ASSERTIONS)
  target_link_options(yagura_options INTERFACE -pie -Wl,-z,relro,-z,now,-z,noexecstack)
endif()
if(YAGURA_MOLD)
  target_link_options(yagura_options INTERFACE -fuse-ld=mold)
endif()

# Our own code only; third-party headers are SYSTEM.
add_library(yagura_warnings INTERFACE)
target_compile_options(yagura_warnings INTERFACE
  -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wsign-conversion -Wold-style-cast -Wnon-virtual-dtor
  -Wnull-dereference -Wformat=2 -Werror=format-security
  $<$<CXX_COMPILER_ID:GNU>:-Wtrampolines> $<$<CXX_COMPILER_ID:GNU>:-Wbidi-chars=any>)
if(YAGURA_WERROR)
  target_compile_options(yagura_warnings INTERFACE -Werror)
endif()

# yagura_library(NAME SOURCES a.cpp ... DEPS core ... LIBS third-party ...)
# DEPS are folders of ours, visible to users of NAME; LIBS are private third-party targets.
function(yagura_library name)
  cmake_parse_arguments(ARG "" "" "SOURCES;DEPS;LIBS;PUBLIC_LIBS" ${ARGN})
  add_library(yagura_${name} STATIC ${ARG_SOURCES})
  add_library(yagura::${name} ALIAS yagura_${name})
  list(TRANSFORM ARG_DEPS PREPEND yagura::)
  target_link_libraries(yagura_${name} PUBLIC yagura_options ${ARG_DEPS} ${ARG_PUBLIC_LIBS} PRIVATE yagura_warnings ${ARG_LIBS})
endfunction()

# yagura_test(NAME SOURCES a_test.cpp ... DEPS core ...): one binary of GoogleTest cases.
function(yagura_test name)
  cmake_parse_arguments(ARG "" "" "SOURCES;DEPS;LIBS" ${ARGN})
  list(TRANSFORM ARG_DEPS PREPEND yagura::)
  add_executable(${name}_test ${ARG_SOURCES})
  target_link_libraries(${name}_test PRIVATE ${ARG_DEPS} ${ARG_LIBS} yagura_options yagura_warnings GTest::gmock_main)
  # `quick` tests run under the sanitizers, too, in ./test.
  gtest_discover_tests(${name}_test TEST_PREFIX "${name}." DISCOVERY_TIMEOUT 60 PROPERTIES TIMEOUT 120 LABELS quick)
endfunction()
