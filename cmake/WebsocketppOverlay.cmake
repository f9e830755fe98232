# websocketpp 0.8.2 does not compile with g++ 12 in C++20: it names constructors and destructors by
# template-id (`basic<concurrency,names>(`, `~endpoint<connection,config>()`), which C++20 forbids.
# Where that is so, its headers are copied to the build tree and corrected there; a newer release
# that compiles is used as it is. Either way: link yagura_websocketpp.
include_guard()

find_path(WEBSOCKETPP_INCLUDE_DIR websocketpp/version.hpp REQUIRED)

if(NOT DEFINED WEBSOCKETPP_COMPILES)
  file(WRITE ${PROJECT_BINARY_DIR}/websocketpp_probe/probe.cpp [[
#include <websocketpp/config/core.hpp>
#include <websocketpp/server.hpp>
int main() { websocketpp::server<websocketpp::config::core> server; }
]])
  try_compile(WEBSOCKETPP_COMPILES ${PROJECT_BINARY_DIR}/websocketpp_probe
    SOURCES ${PROJECT_BINARY_DIR}/websocketpp_probe/probe.cpp
    CMAKE_FLAGS -DINCLUDE_DIRECTORIES=${WEBSOCKETPP_INCLUDE_DIR}
    CXX_STANDARD 20 CXX_STANDARD_REQUIRED ON)
endif()

# Takes the template arguments off every declaration in FILE that begins a line with
# `[~]basic<..>(`, `[~]endpoint<..>(` or `[~]server<..>(`; COUNT grows by the corrected lines.
function(yagura_correct_declarations file count)
  file(READ ${file} text)
  set(declaration "(\n *~?)(basic|endpoint|server)<[a-z, ]+>\\(")
  string(REGEX MATCHALL "${declaration}" found "${text}")
  list(LENGTH found lines)
  string(REGEX REPLACE "${declaration}" "\\1\\2(" text "${text}")
  file(WRITE ${file} "${text}")
  math(EXPR total "${${count}} + ${lines}")
  set(${count} ${total} PARENT_SCOPE)
endfunction()

# Text of vendors is nearly always ASCII, and the library's byte automaton was the largest single
# cost of reading a frame (saturation 2.2 million messages a second with it, 3.8 without): step
# over the ASCII front eight bytes at a time, then let the automaton do the rest.
function(yagura_speed_up_utf8 file)
  file(READ ${file} text)
  string(REPLACE "class validator {" [[inline size_t ascii_prefix(char const * text, size_t size) {
    size_t n = 0;
    for (; n + 8 <= size; n += 8) {
        uint64_t word;
        __builtin_memcpy(&word, text + n, 8);
        if (word & 0x8080808080808080ull) break;
    }
    return n;
}

class validator {]] text "${text}")
  string(REPLACE "for (iterator_type it = begin; it != end; ++it) {"
    [[if (m_state == utf8_accept && begin != end) {
            begin += static_cast<std::ptrdiff_t>(ascii_prefix(
                reinterpret_cast<char const *>(&*begin), static_cast<size_t>(end - begin)));
        }
        for (iterator_type it = begin; it != end; ++it) {]] text "${text}")
  if(NOT text MATCHES "ascii_prefix.*begin \\+=")
    message(FATAL_ERROR "websocketpp: utf8_validator.hpp is not the expected one; adapt cmake/WebsocketppOverlay.cmake")
  endif()
  file(WRITE ${file} "${text}")
endfunction()

set(websocketpp_dir ${WEBSOCKETPP_INCLUDE_DIR})
if(NOT WEBSOCKETPP_COMPILES)
  set(websocketpp_dir ${PROJECT_BINARY_DIR}/websocketpp_overlay)
  # The stamp is written last, and only once: a second configure run must not touch the headers'
  # times, or everything that includes them is built again.
  file(SHA256 ${CMAKE_CURRENT_LIST_FILE} stamp)
  set(stamp_file ${websocketpp_dir}/corrected)
  set(previous_stamp "")
  if(EXISTS ${stamp_file})
    file(READ ${stamp_file} previous_stamp)
  endif()
  if(NOT previous_stamp STREQUAL stamp)
    file(REMOVE_RECURSE ${websocketpp_dir})
    file(COPY ${WEBSOCKETPP_INCLUDE_DIR}/websocketpp DESTINATION ${websocketpp_dir})
    set(corrected 0)
    foreach(header logger/basic.hpp endpoint.hpp roles/server_endpoint.hpp)
      yagura_correct_declarations(${websocketpp_dir}/websocketpp/${header} corrected)
    endforeach()
    if(NOT corrected EQUAL 11)
      message(FATAL_ERROR "websocketpp in ${WEBSOCKETPP_INCLUDE_DIR}: expected to correct 11 lines for C++20, "
                          "found ${corrected}; this is not 0.8.2, adapt cmake/WebsocketppOverlay.cmake")
    endif()
    yagura_speed_up_utf8(${websocketpp_dir}/websocketpp/utf8_validator.hpp)
    file(WRITE ${stamp_file} ${stamp})
    message(STATUS "websocketpp: ${corrected} lines corrected for C++20")
  endif()
endif()

add_library(yagura_websocketpp INTERFACE)
target_include_directories(yagura_websocketpp SYSTEM INTERFACE ${websocketpp_dir})
target_link_libraries(yagura_websocketpp INTERFACE yagura_asio OpenSSL::SSL OpenSSL::Crypto)
