#include "console/terminal/entry_line.hpp"

#include "console/terminal/utf8.hpp"

namespace yagura::console::terminal {
namespace {

bool may_be_written(char32_t c) { return width_of(c) >= 0 && !is_format_mark(c); }

std::string encode(const std::vector<char32_t>& characters, std::size_t count) {
  std::string text;
  for (std::size_t i = 0; i < count; ++i) append(text, characters[i]);
  return text;
}

}  // namespace

void EntryLine::set(std::string_view utf8) {
  characters_.clear();
  while (!utf8.empty() && characters_.size() < kMost) {
    const auto decoded = decode(utf8);
    utf8.remove_prefix(decoded.size);
    if (may_be_written(decoded.character)) characters_.push_back(decoded.character);
  }
  cursor_ = characters_.size();
}

std::size_t EntryLine::left_of(std::size_t at) const {
  if (at == 0) return 0;
  --at;
  while (at > 0 && width_of(characters_[at]) == 0) --at;
  return at;
}

std::size_t EntryLine::right_of(std::size_t at) const {
  if (at == characters_.size()) return at;
  ++at;
  while (at < characters_.size() && width_of(characters_[at]) == 0) ++at;
  return at;
}

void EntryLine::on_key(Key key) {
  switch (key.code) {
    case Key::Code::kCharacter:
      if (key.character == kCtrlU) return remove(0, cursor_);
      if (key.character == kCtrlW) return remove(word_before(), cursor_);
      return insert(key.character);
    case Key::Code::kBackspace: return remove(left_of(cursor_), cursor_);
    case Key::Code::kDelete: return remove(cursor_, right_of(cursor_));
    case Key::Code::kLeft: cursor_ = left_of(cursor_); return;
    case Key::Code::kRight: cursor_ = right_of(cursor_); return;
    case Key::Code::kHome: cursor_ = 0; return;
    case Key::Code::kEnd: cursor_ = characters_.size(); return;
    default: return;
  }
}

std::size_t EntryLine::word_before() const {
  auto at = cursor_;
  while (at > 0 && characters_[at - 1] == U' ') --at;
  while (at > 0 && characters_[at - 1] != U' ') --at;
  return at;
}

void EntryLine::insert(char32_t c) {
  if (characters_.size() >= kMost || !may_be_written(c)) return;
  characters_.insert(characters_.begin() + static_cast<std::ptrdiff_t>(cursor_), c);
  ++cursor_;
}

void EntryLine::remove(std::size_t from, std::size_t to) {
  characters_.erase(characters_.begin() + static_cast<std::ptrdiff_t>(from),
                    characters_.begin() + static_cast<std::ptrdiff_t>(to));
  cursor_ = from;
}

std::string EntryLine::text() const { return encode(characters_, characters_.size()); }
std::string EntryLine::before_cursor() const { return encode(characters_, cursor_); }

}  // namespace yagura::console::terminal
