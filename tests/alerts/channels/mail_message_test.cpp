// What mail_test.py does not show on a real server: the single rules of the format.
#include "alerts/mail/mail_message.hpp"

#include <gmock/gmock.h>

#include <sstream>

#include "letters.hpp"

namespace yagura::alerts {
namespace {

using testing::HasSubstr;
using testing::Not;

const MailAddress kFrom{"", "alerts@example.com"};

std::string header(std::string_view name, std::string_view value) {
  std::string out;
  append_header(out, name, value);
  return out;
}

void expect_short_crlf_lines(const std::string& message) {
  std::istringstream lines{message};
  for (std::string line; std::getline(lines, line);) {
    ASSERT_TRUE(line.ends_with('\r')) << line;
    EXPECT_LE(line.size(), 79U) << line;
    EXPECT_EQ(line.find('\r'), line.size() - 1);
  }
}

TEST(MailHeader, PlainTextIsFoldedAtSpaces) {
  EXPECT_EQ(header("Subject", "USD/JPY moved 1 yen"), "Subject: USD/JPY moved 1 yen\r\n");
  const auto folded =
      header("Subject", "one two three four five six seven eight nine ten eleven twelve thirteen fourteen");
  EXPECT_EQ(folded,
            "Subject: one two three four five six seven eight nine ten eleven twelve\r\n thirteen fourteen\r\n");
}

TEST(MailHeader, OtherTextIsEncodedWithoutCuttingACharacter) {
  EXPECT_EQ(header("Subject", "日経平均"), "Subject: =?UTF-8?B?5pel57WM5bmz5Z2H?=\r\n");
  std::string sixty;
  for (int i = 0; i < 60; ++i) sixty += "円";
  const auto encoded = header("Subject", sixty);
  expect_short_crlf_lines(encoded);
  EXPECT_THAT(encoded, HasSubstr("?=\r\n =?UTF-8?B?"));
  EXPECT_THAT(header("Subject", std::string(100, 'x')), HasSubstr("=?UTF-8?B?")) << "a long word";
  EXPECT_THAT(header("Subject", "=?utf-8?q?x?="), HasSubstr("=?UTF-8?B?")) << "what looks encoded is text";
}

TEST(MailHeader, NothingBeginsAnotherHeader) {
  const auto line = header("Subject", std::string_view{"a\r\nBcc: b@example.com\n\nc\0d", 25});
  EXPECT_EQ(std::count(line.begin(), line.end(), '\n'), 1);
  EXPECT_THAT(line, Not(HasSubstr("\nBcc")));
  EXPECT_EQ(line.find('\0'), std::string::npos);
}

TEST(MailMessage, IdsThreadFollowUpsAndTellMessagesApart) {
  auto letter = sample_letter();
  const auto own = to_string(letter.id) + "@example.com";
  EXPECT_EQ(message_id(letter, kFrom, "1"), own);
  EXPECT_EQ(parent_message_id(letter, kFrom), "");
  letter.purpose = Letter::Purpose::kReminder;
  EXPECT_EQ(message_id(letter, kFrom, "1"), to_string(letter.id) + ".reminder.1@example.com");
  EXPECT_EQ(parent_message_id(letter, kFrom), own);
  letter = sample_letter();
  letter.event = "withdrawn";
  EXPECT_EQ(message_id(letter, kFrom, ""), to_string(letter.id) + ".withdrawn@example.com");
  EXPECT_EQ(parent_message_id(letter, kFrom), own);
  letter = sample_letter();
  letter.episode = {0xab, 99};
  EXPECT_EQ(parent_message_id(letter, kFrom), to_string(letter.episode) + "@example.com");
}

TEST(MailMessage, LinesStayShortWhateverTheText) {
  auto letter = sample_letter();
  letter.title = std::string(3000, 'W') + " 日経 \xff\xfe";
  letter.text = std::string(100'000, '=') + "\n.\n..\nFrom here\n " + std::string(2000, ' ') + "\n";
  for (const bool japanese : {false, true}) {
    if (japanese) letter.text = "日経平均は五万七千円。\n" + letter.text.substr(0, 20);
    const auto message =
        mail_message(letter, {kFrom, {{"", "a@example.com"}, {"Ärger, \"x\"", "b@example.com"}}, {}, "x@y"},
                     japanese ? Language::kJapanese : Language::kEnglish, std::string(5000, '\xff'));
    expect_short_crlf_lines(message);
  }
}

TEST(MailAddress, IsStrict) {
  EXPECT_EQ(parse_mail_address("a@example.com").address, "a@example.com");
  EXPECT_EQ(parse_mail_address("The Desk <a@example.com>").name, "The Desk");
  EXPECT_EQ(parse_mail_address("The Desk <a@example.com>").address, "a@example.com");
  for (const char* wrong : {"", "a", "a@", "@b", "a@b@c", "a b@c", "a@b>", "<a@b", "a@b\r\nRCPT TO:<c@d>", "a@b,c@d"})
    EXPECT_TRUE(parse_mail_address(wrong).address.empty()) << wrong;
}

TEST(MailDate, IsThatOfTheRfc) {
  EXPECT_EQ(mail_date(parse_iso8601("2026-02-09T00:22:00Z").value()), "Mon, 09 Feb 2026 00:22:00 +0000");
}

}  // namespace
}  // namespace yagura::alerts
