#include "alerts/mail/mail_message.hpp"

#include <fmt/format.h>

#include "alerts/mail/mail_html.hpp"
#include "alerts/plain_text.hpp"

namespace yagura::alerts {
namespace {

constexpr std::size_t kLongestSubject = 200;  // characters

std::string_view domain_of(const MailAddress& from) {
  return std::string_view{from.address}.substr(from.address.find('@') + 1);
}

// "Name <a@example.com>", the name as an encoded word or in quotes.
void append_addresses(std::string& out, std::string_view header, const std::vector<MailAddress>& addresses) {
  out += fmt::format("{}: ", header);
  for (std::size_t i = 0; i < addresses.size(); ++i) {
    if (i != 0) out += ",\r\n ";
    const auto& [name, address] = addresses[i];
    if (name.empty()) {
      out += address;
      continue;
    }
    out += fmt::format("{}\r\n <{}>", mail_phrase(name), address);
  }
  out += "\r\n";
}

void append_plain(std::string& out, const Letter& letter, Language language) {
  std::string text = body_text(letter.text) + "\n";
  if (!letter.ack_url.empty())
    text += fmt::format("\n{}: {}\n", acknowledge_words(language), body_text(letter.ack_url));
  text += fmt::format("\n-- \nYagura {}\n", to_string(letter.id));
  append_text_part(out, "text/plain", text);
}

void append_alternatives(std::string& out, const Letter& letter, Language language, std::string_view chart_id) {
  const auto boundary = fmt::format("=_a_{}", to_string(letter.id));
  out += fmt::format("Content-Type: multipart/alternative;\r\n boundary=\"{}\"\r\n\r\n--{}\r\n", boundary, boundary);
  append_plain(out, letter, language);
  out += fmt::format("--{}\r\n", boundary);
  append_text_part(out, "text/html", mail_html(letter, language, chart_id));
  out += fmt::format("--{}--\r\n", boundary);
}

void append_with_chart(std::string& out, const Letter& letter, Language language, std::string_view chart_id,
                       std::string_view chart) {
  const auto boundary = fmt::format("=_r_{}", to_string(letter.id));
  out += fmt::format(
      "Content-Type: multipart/related; type=\"multipart/alternative\";\r\n boundary=\"{}\"\r\n\r\n--{}\r\n", boundary,
      boundary);
  append_alternatives(out, letter, language, chart_id);
  out += fmt::format(
      "--{}\r\nContent-Type: image/png\r\nContent-Transfer-Encoding: base64\r\nContent-ID: <{}>\r\n"
      "Content-Disposition: inline; filename=\"chart.png\"\r\n\r\n",
      boundary, chart_id);
  append_base64_lines(out, chart);
  out += fmt::format("--{}--\r\n", boundary);
}

}  // namespace

std::string message_id(const Letter& letter, const MailAddress& from, std::string_view nonce) {
  std::string local = to_string(letter.id);
  if (letter.event == "withdrawn") local += ".withdrawn";
  if (letter.purpose == Letter::Purpose::kResolved) local += ".resolved";
  if (letter.purpose == Letter::Purpose::kReminder) local += fmt::format(".reminder.{}", nonce);
  return fmt::format("{}@{}", local, domain_of(from));
}

std::string parent_message_id(const Letter& letter, const MailAddress& from) {
  const bool itself = letter.purpose == Letter::Purpose::kReminder || letter.purpose == Letter::Purpose::kResolved ||
                      letter.event == "withdrawn";
  if (!letter.episode.empty() && letter.episode != letter.id)
    return fmt::format("{}@{}", to_string(letter.episode), domain_of(from));
  return itself ? fmt::format("{}@{}", to_string(letter.id), domain_of(from)) : std::string{};
}

std::string mail_message(const Letter& letter, const MailHead& head, Language language, std::string_view chart) {
  std::string out = fmt::format("Date: {}\r\nMessage-ID: <{}>\r\n", mail_date(head.date), head.message_id);
  append_addresses(out, "From", {head.from});
  append_addresses(out, "To", head.to);
  append_header(out, "Subject", printable(letter.title, kLongestSubject));
  if (const auto parent = parent_message_id(letter, head.from); !parent.empty())
    out += fmt::format("In-Reply-To: <{}>\r\nReferences: <{}>\r\n", parent, parent);
  out += fmt::format("Auto-Submitted: auto-generated\r\nX-Yagura-Id: {}\r\n", to_string(letter.id));
  if (letter.severity == Severity::kCritical) out += "Importance: high\r\n";
  out += "MIME-Version: 1.0\r\n";
  const auto chart_id = fmt::format("chart.{}@{}", to_string(letter.id), domain_of(head.from));
  if (chart.empty())
    append_alternatives(out, letter, language, {});
  else
    append_with_chart(out, letter, language, chart_id, chart);
  return out;
}

}  // namespace yagura::alerts
