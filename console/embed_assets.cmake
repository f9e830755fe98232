# cmake -DDIRECTORY=web -DFILES=index.html,app.js -DOUTPUT=assets.cpp -P embed_assets.cmake
# Writes the definition of find_asset() with the files' bytes.
string(REPLACE "," ";" FILES "${FILES}")
set(type_html "text/html; charset=utf-8")
set(type_css "text/css; charset=utf-8")
set(type_js "text/javascript; charset=utf-8")
set(type_json "application/json")
set(type_svg "image/svg+xml")

set(arrays "")
set(rows "")
set(number 0)
foreach(name ${FILES})
  set(file ${DIRECTORY}/${name})
  if(NOT EXISTS ${file})
    set(file ${DOCS}/${name})
  endif()
  file(READ ${file} hex HEX)
  file(SHA256 ${file} digest)
  string(SUBSTRING ${digest} 0 16 digest)
  string(REGEX REPLACE "([0-9a-f][0-9a-f])" "'\\\\x\\1'," bytes "${hex}")
  string(REGEX REPLACE "(('\\\\x..',)('\\\\x..',)('\\\\x..',)('\\\\x..',)('\\\\x..',)('\\\\x..',)('\\\\x..',)('\\\\x..',))" "\\1\n" bytes "${bytes}")
  string(REGEX MATCH "[a-z]+$" extension ${name})
  if(NOT DEFINED type_${extension})
    message(FATAL_ERROR "console/web/${name}: no content type for .${extension}")
  endif()
  set(path "/${name}")
  if(name STREQUAL "index.html")
    set(path "/")
  endif()
  if(name STREQUAL "openapi.json")
    set(path "/api/v1/openapi.json")
  endif()
  string(APPEND arrays "constexpr char kBytes${number}[] = {\n${bytes}};\n")
  string(APPEND rows "    {\"${path}\", \"${type_${extension}}\", \"\\\"${digest}\\\"\", {kBytes${number}, sizeof kBytes${number}}},\n")
  math(EXPR number "${number} + 1")
endforeach()

file(WRITE ${OUTPUT} "// Generated from console/web by console/embed_assets.cmake.
#include \"console/assets.hpp\"

namespace yagura::console {
namespace {

${arrays}
constexpr Asset kAssets[] = {
${rows}};

}  // namespace

const Asset* find_asset(std::string_view path) {
  for (const auto& asset : kAssets) {
    if (asset.path == path) return &asset;
  }
  return nullptr;
}

}  // namespace yagura::console
")
