#include "feeds/quick_row.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <cstdint>
#include <cstring>

namespace yagura::feeds {
namespace {

constexpr std::array<std::int64_t, 10> kPowersOfTen = {1,       10,        100,        1'000,       10'000,
                                                       100'000, 1'000'000, 10'000'000, 100'000'000, 1'000'000'000};

struct Digits {
  std::int64_t value;
  std::size_t count;
};

// The digits that eight characters, the first in the lowest byte, begin with. Without a branch: a digit is
// 0x30 to 0x39, and numbers are added up in pairs, fours and eights.
Digits leading_digits(std::uint64_t chars) {
  chars ^= 0x3030303030303030;
  const auto others = (chars | (chars + 0x7676767676767676)) & 0x8080808080808080;  // in the top bit of each byte
  const auto count = static_cast<std::size_t>(std::countr_zero(others)) / 8;        // 8 when there are none
  if (count == 0) return {0, 0};
  chars <<= 64 - 8 * count;  // zeros in front
  chars = chars * 10 + (chars >> 8);
  constexpr std::uint64_t kPairs = 0x000000FF000000FF;
  chars = ((chars & kPairs) * 0x000F424000000064 + ((chars >> 16) & kPairs) * 0x0000271000000001) >> 32;
  return {static_cast<std::int64_t>(chars), count};
}

// Reads a line from the left. Every take_.. fails for anything but plain digits.
class Cursor {
 public:
  explicit Cursor(std::string_view line) : begin_(line.data()), at_(begin_), end_(begin_ + line.size()) {}

  // The comma before the next cell.
  bool take_comma() { return at_ != end_ && *at_++ == ','; }

  bool take_integer(std::int64_t& value) {
    const auto first = take_digits();
    value = first.value;
    for (auto next = first; next.count == 8;) {
      next = take_digits();
      if (__builtin_mul_overflow(value, kPowersOfTen[next.count], &value) ||
          __builtin_add_overflow(value, next.value, &value))
        return false;
    }
    return first.count > 0 && at_cell_end();
  }

  // Up to eight digits on each side of the point.
  bool take_price(Price& price) {
    const auto whole = take_digits();
    Digits fraction{0, 0};
    if (at_ != end_ && *at_ == '.') {
      ++at_;
      fraction = take_digits();
      if (fraction.count == 0) return false;
    }
    price = Price::from_raw(whole.value * kPowersOfTen[9] + fraction.value * kPowersOfTen[9 - fraction.count]);
    return whole.count > 0 && at_cell_end();
  }

  bool skip_cell() {
    if (at_ != end_ && *at_ <= '"') return false;  // a space or a quote
    at_ = std::find(at_, end_, ',');
    return true;
  }

 private:
  [[nodiscard]] bool at_cell_end() const { return at_ == end_ || *at_ == ','; }

  Digits take_digits() {
    const auto digits = leading_digits(next_eight());
    at_ += digits.count;
    return digits;
  }

  // The next characters, zeros after the end of the line.
  [[nodiscard]] std::uint64_t next_eight() const {
    std::uint64_t chars = 0;
    const auto left = end_ - at_;
    if (left >= 8) {
      std::memcpy(&chars, at_, 8);
    } else if (end_ - begin_ >= 8) {
      std::memcpy(&chars, end_ - 8, 8);
      chars = left == 0 ? 0 : chars >> (64 - 8 * left);
    } else {
      std::memcpy(&chars, at_, static_cast<std::size_t>(left));
    }
    return chars;
  }

  const char* begin_;
  const char* at_;
  const char* end_;
};

bool take(Cursor& cursor, Column column, Tick& tick) {
  switch (column) {
    case Column::kTsNs:
    case Column::kTsMs: {
      std::int64_t ns = 0;
      if (!cursor.take_integer(ns)) return false;
      if (column == Column::kTsMs && __builtin_mul_overflow(ns, std::int64_t{1'000'000}, &ns)) return false;
      tick.ts_event = tick.ts_recv = timestamp_from_ns(ns);
      return true;
    }
    case Column::kPrice: return cursor.take_price(tick.price);
    case Column::kBid: tick.flags |= TickFlag::kHasBid; return cursor.take_price(tick.bid);
    case Column::kAsk: tick.flags |= TickFlag::kHasAsk; return cursor.take_price(tick.ask);
    case Column::kSeq: {
      std::int64_t seq = 0;
      tick.flags |= TickFlag::kHasSeq;
      if (!cursor.take_integer(seq)) return false;
      tick.seq = static_cast<std::uint64_t>(seq);
      return true;
    }
    default: return cursor.skip_cell();
  }
}

}  // namespace

QuickRow::QuickRow(const CsvRow& row)
    : columns_(row.columns()), usable_(!row.has(Column::kSymbol) && !row.has(Column::kSource)) {}

bool QuickRow::read(std::string_view line, Tick& tick) const noexcept {
  if (!usable_) return false;
  Cursor cursor{line};
  bool priced = false;
  for (std::size_t i = 0; i < columns_.size(); ++i) {
    if ((i > 0 && !cursor.take_comma()) || !take(cursor, columns_[i], tick)) return false;
    priced = priced || columns_[i] == Column::kPrice;
  }
  if (!priced) tick.price = mid(tick.bid, tick.ask);
  return true;
}

}  // namespace yagura::feeds
