// Rows of a tick or bar CSV, cell by cell: made for speed, so a cell is a view and a number is read
// where it stands. Used by the readers behind feeds/source.hpp.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/price.hpp"

namespace yagura::feeds {

// Columns with a meaning; others are ignored.
enum class Column : std::uint8_t {
  kTsNs,
  kTsMs,
  kPrice,
  kBid,
  kAsk,
  kSymbol,
  kSeq,
  kSource,
  kOpen,
  kHigh,
  kLow,
  kClose,
  kBidOpen,
  kBidHigh,
  kBidLow,
  kBidClose,
  kAskOpen,
  kAskHigh,
  kAskLow,
  kAskClose,
  kCount
};
inline constexpr std::size_t kColumns = static_cast<std::size_t>(Column::kCount);
[[nodiscard]] std::string_view column_name(Column column);

// Why a row is bad; `what` is null for a good one. The value lives as long as the line.
struct RowProblem {
  const char* what = nullptr;
  std::string_view column;
  std::string_view value;
  explicit operator bool() const { return what != nullptr; }
  // `price "abc" is not a number`
  [[nodiscard]] std::string text() const;
};

// Where the known columns stand, and the cells of the current row.
class CsvRow {
 public:
  // Reads the header line. Of a column named twice the first counts.
  explicit CsvRow(std::string_view header);
  [[nodiscard]] bool has(Column column) const { return has_[static_cast<std::size_t>(column)]; }
  // By position, up to the last that is wanted; kCount: one that is not.
  [[nodiscard]] const std::vector<Column>& columns() const { return columns_; }
  // The column is not wanted after all: its cells may be missing or anything.
  void ignore(Column column);

  // Takes the cells of a line; a problem when a known column has none.
  [[nodiscard]] RowProblem split(std::string_view line);
  // Without the spaces around it. Empty for a column that the file lacks.
  [[nodiscard]] std::string_view cell(Column column) const { return cells_[static_cast<std::size_t>(column)]; }

  [[nodiscard]] RowProblem read_price(Column column, Price& out) const;
  // From ts_ns, else from ts_ms.
  [[nodiscard]] RowProblem read_time(std::int64_t& ns) const;
  // nullopt for an empty cell.
  [[nodiscard]] RowProblem read_seq(std::optional<std::uint64_t>& seq) const;

 private:
  std::vector<Column> columns_;
  std::array<bool, kColumns> has_{};
  std::array<std::string_view, kColumns> cells_{};
};

// Same as core's parse_price, but quick for the plain decimals that files are made of.
[[nodiscard]] bool parse_plain_price(std::string_view text, Price& out) noexcept;

}  // namespace yagura::feeds
