// Small changes to the shipped configuration that keep all the rest of it as it stands.
#pragma once

#include <string>
#include <string_view>

namespace yagura::app::bench {

// Leaves out every section of this name, such as "[[feed]]", up to the next header.
[[nodiscard]] std::string without_sections(std::string_view toml, std::string_view header);
// Sets `key = value` in each section whose header begins with `header`, in place of the line that sets it now; the
// value as TOML text.
[[nodiscard]] std::string with_key(std::string_view toml, std::string_view header, std::string_view key,
                                   std::string_view value);

}  // namespace yagura::app::bench
