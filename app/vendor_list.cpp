#include "app/vendor_list.hpp"

#include <string_view>

#include <fmt/format.h>

#include "app/text_table.hpp"
#include "feeds/codec.hpp"

namespace yagura::app {
namespace {

constexpr std::string_view kIndent = "            ";

// Text for a cell of a Markdown table.
std::string cell(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == '|' || c == '*' || c == '_' || c == '<') out += '\\';
    out += c;
  }
  return out;
}

std::string limits(const feeds::Vendor& vendor) {
  std::string text;
  if (vendor.limits.symbols != 0) text = fmt::format("{} symbols on a connection", vendor.limits.symbols);
  if (const auto most = vendor.limits.connections_per_key; most != 0)
    text += fmt::format("{}{} connection{} with a key", text.empty() ? "" : ", ", most, most == 1 ? "" : "s");
  return text;
}

}  // namespace

std::string vendor_list() {
  std::string out;
  for (const auto& vendor : feeds::vendors()) {
    const auto& facts = vendor.facts;
    out += fmt::format("{:<11} {}; key: {}\n", vendor.name, facts.title, facts.key);
    std::string body = fmt::format("{}. Delay: {}.", facts.carries, facts.delay);
    if (const auto most = limits(vendor); !most.empty()) body += fmt::format(" At most {}.", most);
    body += fmt::format(" Terms: {}.", facts.terms);
    if (!vendor.live) body += " Frames are decoded, feeds are not connected.";
    for (const auto& line : wrapped(body, kPageWidth - kIndent.size())) out.append(kIndent).append(line).append("\n");
  }
  return out;
}

std::string vendor_markdown() {
  std::string out = "| vendor | what | carries | key | delay | limits | terms |\n|---|---|---|---|---|---|---|\n";
  for (const auto& vendor : feeds::vendors()) {
    const auto& facts = vendor.facts;
    const auto most = limits(vendor);
    out += fmt::format("| `{}` | {}{} | {} | {} | {} | {} | {} |\n", vendor.name, cell(facts.title),
                       vendor.live ? "" : " (`decode` only)", cell(facts.carries), cell(facts.key), cell(facts.delay),
                       most.empty() ? "none known" : most, cell(facts.terms));
  }
  return out;
}

}  // namespace yagura::app
