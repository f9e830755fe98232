// The web page, inside the binary: embed_assets.cmake turns console/web/ into a source file.
#pragma once

#include <string_view>

namespace yagura::console {

struct Asset {
  std::string_view path;  // "/app.js"
  std::string_view content_type;
  std::string_view etag;  // quoted
  std::string_view bytes;
};

[[nodiscard]] const Asset* find_asset(std::string_view path);  // null when there is none; "/" is the page

}  // namespace yagura::console
