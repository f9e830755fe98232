#include "alerts/mail/mail_html.hpp"

#include <fmt/format.h>

#include "alerts/mail/mime.hpp"
#include "alerts/plain_text.hpp"

namespace yagura::alerts {
namespace {

// Inline styles for readers that drop the sheet; the sheet for dark screens.
constexpr std::string_view kHead =
    R"(<!DOCTYPE html>
<html lang="{lang}"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark"><meta name="supported-color-schemes" content="light dark">
<title>{title}</title>
<style>
:root {{ color-scheme: light dark; }}
@media (prefers-color-scheme: dark) {{
 body, .card {{ background: #16181c !important; color: #e6e6e6 !important; }}
 .small {{ color: #9aa0a6 !important; }}
}}
</style></head>
<body style="margin:0;padding:12px;background:#ffffff;color:#1c1e21;font-family:-apple-system,'Segoe UI',Roboto,'Hiragino Sans','Noto Sans JP',sans-serif">
<div class="card" style="max-width:520px;margin:0 auto;border-left:5px solid {colour};padding:2px 0 2px 14px">
<h1 style="font-size:20px;line-height:1.3;margin:0 0 8px">{title}</h1>
)";

std::string_view colour_of(Severity severity) {
  switch (severity) {
    case Severity::kCritical: return "#c5221f";
    case Severity::kHigh: return "#e37400";
    case Severity::kLow: return "#1a73e8";
    default: return "#80868b";
  }
}

// A link of ours; anything else that might have come here is not one.
bool is_web_address(std::string_view url) { return url.starts_with("https://") || url.starts_with("http://"); }

std::string with_breaks(std::string_view text) {
  std::string out;
  for (const char c : html_escaped(text)) {
    if (c == '\n')
      out += "<br>\n";
    else
      out += c;
  }
  return out;
}

}  // namespace

std::string_view acknowledge_words(Language language) {
  return language == Language::kJapanese ? "確認済みにする" : "Acknowledge";
}

std::string mail_html(const Letter& letter, Language language, std::string_view chart_id) {
  const auto colour = colour_of(letter.severity);
  std::string html = fmt::format(fmt::runtime(kHead), fmt::arg("lang", language == Language::kJapanese ? "ja" : "en"),
                                 fmt::arg("title", html_escaped(body_text(letter.title))), fmt::arg("colour", colour));
  html += fmt::format("<p style=\"font-size:16px;line-height:1.5;margin:0 0 12px;overflow-wrap:anywhere\">{}</p>\n",
                      with_breaks(body_text(letter.text)));
  if (!chart_id.empty()) {
    html += fmt::format(
        "<p style=\"margin:0 0 12px\"><img src=\"cid:{}\" alt=\"\" width=\"480\" "
        "style=\"width:100%;max-width:480px;height:auto;border-radius:4px\"></p>\n",
        html_escaped(chart_id));
  }
  if (is_web_address(letter.ack_url)) {
    html += fmt::format(
        "<p style=\"margin:0 0 12px\"><a href=\"{}\" style=\"display:inline-block;padding:10px 18px;background:{};"
        "color:#ffffff;text-decoration:none;border-radius:6px\">{}</a></p>\n",
        html_escaped(body_text(letter.ack_url)), colour, acknowledge_words(language));
  }
  html += fmt::format("<p class=\"small\" style=\"font-size:12px;color:#5f6368;margin:0\">Yagura {}</p>\n",
                      to_string(letter.id));
  return html + "</div></body></html>\n";
}

}  // namespace yagura::alerts
