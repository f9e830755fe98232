# Everything comes from Debian 12's own packages; packaging/apt-packages.txt lists them.
include_guard()

find_package(Threads REQUIRED)
find_package(Boost 1.74 REQUIRED)
find_package(OpenSSL REQUIRED)
find_package(ZLIB REQUIRED)
find_package(CURL 7.87 REQUIRED)  # CURLOPT_QUICK_EXIT
find_package(SQLite3 REQUIRED)
find_package(fmt REQUIRED)
find_package(spdlog REQUIRED)
find_package(simdjson REQUIRED)
find_package(tomlplusplus REQUIRED)
find_package(CLI11 REQUIRED)
set(CURSES_NEED_WIDE ON)
find_package(Curses REQUIRED)
add_library(yagura_curses INTERFACE)
target_include_directories(yagura_curses SYSTEM INTERFACE ${CURSES_INCLUDE_DIRS})
target_compile_definitions(yagura_curses INTERFACE NCURSES_NOMACROS NCURSES_WIDECHAR=1)
target_link_libraries(yagura_curses INTERFACE ${CURSES_LIBRARIES})
if(YAGURA_TESTS)
  find_package(GTest REQUIRED)
  find_package(nlohmann_json 3 REQUIRED)  # reads what we wrote
  include(GoogleTest)
endif()
if(YAGURA_BENCHMARKS)
  find_package(benchmark REQUIRED)
endif()
if(YAGURA_BENCHMARKS OR YAGURA_BASELINES)
  find_package(nlohmann_json 3 REQUIRED)  # what decoders and paths are compared with
endif()

# Header-only, without CMake packages of their own.
find_path(CONCURRENTQUEUE_INCLUDE_DIR concurrentqueue/concurrentqueue.h REQUIRED)
add_library(yagura_concurrentqueue INTERFACE)
target_include_directories(yagura_concurrentqueue SYSTEM INTERFACE ${CONCURRENTQUEUE_INCLUDE_DIR})
find_path(PROTOZERO_INCLUDE_DIR protozero/pbf_reader.hpp REQUIRED)
add_library(yagura_protozero INTERFACE)
target_include_directories(yagura_protozero SYSTEM INTERFACE ${PROTOZERO_INCLUDE_DIR})
find_path(MUSTACHE_INCLUDE_DIR kainjow/mustache.hpp REQUIRED)
add_library(yagura_mustache INTERFACE)
target_include_directories(yagura_mustache SYSTEM INTERFACE ${MUSTACHE_INCLUDE_DIR})

# Optional. The CMake package of Debian's libnats-dev names files that are not in it, so look by hand.
set(YAGURA_NATS AUTO CACHE STRING "Sinks and feeds over NATS: ON, OFF, or AUTO (when libnats is found)")
set(YAGURA_HAS_NATS OFF)
if(YAGURA_NATS)
  find_path(NATS_INCLUDE_DIR nats/nats.h)
  find_library(NATS_LIBRARY nats)
  if(NATS_INCLUDE_DIR AND NATS_LIBRARY)
    set(YAGURA_HAS_NATS ON)
    add_library(yagura_nats INTERFACE)
    target_include_directories(yagura_nats SYSTEM INTERFACE ${NATS_INCLUDE_DIR})
    target_link_libraries(yagura_nats INTERFACE ${NATS_LIBRARY} Threads::Threads)
  elseif(NOT YAGURA_NATS STREQUAL "AUTO")
    message(FATAL_ERROR "YAGURA_NATS=ON, and libnats was not found (Debian: libnats-dev)")
  endif()
endif()

# Boost.Asio, for sources that include it. Once inlined, its scheduler trips -Wnull-dereference in
# spite of being a system header: name this (or yagura_websocketpp) under LIBS, after the warnings.
add_library(yagura_asio INTERFACE)
target_link_libraries(yagura_asio INTERFACE Boost::headers Threads::Threads)
target_compile_options(yagura_asio INTERFACE -Wno-null-dereference)

include(WebsocketppOverlay)
