#include "alerts/letter_template.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <kainjow/mustache.hpp>
#include <optional>

#include "alerts/plain_text.hpp"

namespace yagura::alerts {
namespace {

namespace mustache = kainjow::mustache;

constexpr std::size_t kShownOfTag = 40;

std::string_view trimmed(std::string_view text) {
  const auto from = text.find_first_not_of(" \t\r\n");
  return from == std::string_view::npos ? std::string_view{}
                                        : text.substr(from, text.find_last_not_of(" \t\r\n") - from + 1);
}

std::optional<std::string> wrong_tag(std::string_view tag) {
  const auto shown = [&] { return printable(tag, kShownOfTag); };
  if (tag.starts_with('!')) return std::nullopt;
  if (tag.starts_with('=')) return fmt::format("'{}': other delimiters than {{{{ }}}} are not offered", shown());
  if (tag.starts_with('>')) return fmt::format("'{}': there are no templates to include", shown());
  const bool marked = tag.find_first_of("#^/&") == 0;
  const auto name = trimmed(marked ? tag.substr(1) : tag);
  if (std::ranges::find(kLetterFields, name) != kLetterFields.end()) return std::nullopt;
  return fmt::format("unknown field '{}', expected one of {}", printable(name, kShownOfTag),
                     fmt::join(kLetterFields, ", "));
}

// The first tag that is wrong by itself: the library renders an unknown field as nothing.
std::optional<std::string> wrong_tags(std::string_view text) {
  for (std::size_t at = 0; (at = text.find("{{", at)) != std::string_view::npos;) {
    const bool three = text.substr(at).starts_with("{{{");
    const std::string_view end_mark = three ? "}}}" : "}}";
    const auto from = at + end_mark.size();
    const auto end = text.find(end_mark, from);
    if (end == std::string_view::npos) return fmt::format("unclosed '{}'", printable(text.substr(at), kShownOfTag));
    if (auto wrong = wrong_tag(trimmed(text.substr(from, end - from)))) return wrong;
    at = end + end_mark.size();
  }
  return std::nullopt;
}

// The fields, without the nesting that mustache knows: a section changes no meaning.
class FieldContext final : public mustache::basic_context<std::string> {
 public:
  explicit FieldContext(const LetterFields& fields) {
    for (std::size_t i = 0; i < fields.size(); ++i) values_[i] = mustache::data{fields[i]};
  }
  void push(const mustache::data* /*section*/) override {}
  void pop() override {}
  // Null for an unknown field; what is empty counts as absent.
  [[nodiscard]] const mustache::data* get(const std::string& name) const override {
    const auto known = std::ranges::find(kLetterFields, name);
    if (known == kLetterFields.end()) return nullptr;
    const auto& value = values_[static_cast<std::size_t>(known - kLetterFields.begin())];
    return value.is_string() && !value.string_value().empty() ? &value : &absent_;
  }
  [[nodiscard]] const mustache::data* get_partial(const std::string& /*name*/) const override { return nullptr; }

 private:
  std::array<mustache::data, kLetterFields.size()> values_;
  mustache::data absent_{mustache::data::type::bool_false};
};

}  // namespace

Result<void> check_template(std::string_view text) {
  if (text.size() > kLongestTemplate)
    return Error{fmt::format("{} bytes, expected at most {}", text.size(), kLongestTemplate)};
  if (auto wrong = wrong_tags(text)) return Error{*std::move(wrong)};
  const mustache::mustache parsed{std::string{text}};
  if (parsed.is_valid()) return {};
  std::string wrong = parsed.error_message();  // 'Unclosed section "link" at 12'
  if (!wrong.empty() && wrong[0] == 'U') wrong[0] = 'u';
  return Error{printable(wrong)};
}

std::string fill_template(std::string_view text, const LetterFields& fields) {
  if (!check_template(text)) return {};
  mustache::mustache parsed{std::string{text}};
  parsed.set_custom_escape([](const std::string& value) { return value; });
  FieldContext context{fields};
  return parsed.render(context);
}

}  // namespace yagura::alerts
