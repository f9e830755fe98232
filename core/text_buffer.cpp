#include "core/text_buffer.hpp"

namespace yagura {

void TextBuffer::grow(std::size_t most) {
  const auto used = size();
  const auto capacity = std::max(2 * static_cast<std::size_t>(end_ - begin_.get()), used + most);
  auto larger = std::make_unique_for_overwrite<char[]>(capacity);
  std::memcpy(larger.get(), begin_.get(), used);
  begin_ = std::move(larger);
  at_ = begin_.get() + used;
  end_ = begin_.get() + capacity;
}

void TextBuffer::add_integer(std::int64_t number) { at_ = write_integer(room(kMaxIntegerChars), number); }

void TextBuffer::add_number(std::uint64_t number) {
  if (number < 10) return add(static_cast<char>('0' + number));  // hours, months, counts
  at_ = write_number(room(kMaxIntegerChars), number);
}

}  // namespace yagura
