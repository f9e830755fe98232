// GET, POST and DELETE /api/v1/levels: price levels while the monitor runs. The console's thread.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/net/ws_server.hpp"
#include "core/price.hpp"

namespace yagura::console {

struct LevelRow {
  std::string instrument;
  std::string rule;
  Price price;
  std::string note;
  bool once = false;
  bool configured = false;  // stands in the configuration file and cannot be removed here
};

// Why a change was refused, and the HTTP status for it: 404 no such instrument, rule or level, 409 it
// is there already or stands in the configuration.
struct LevelRefusal {
  int status = 0;  // 0: done
  std::string message;
};

// Who keeps the levels; implemented by the application.
class LevelBook {
 public:
  virtual ~LevelBook() = default;
  // Those added at run time, then those of the configuration, at most `limit`; `total` counts all.
  virtual std::vector<LevelRow> levels(std::size_t limit, std::size_t& total) = 0;
  // An empty rule means the instrument's own; it is filled in.
  virtual LevelRefusal add(LevelRow& row) = 0;
  virtual LevelRefusal remove(const LevelRow& row) = 0;
};

// {"instrument":"USDJPY","price":"158.50","note":"stop","once":false,"rule":"…"}; price may be a number.
// Nothing and `error` filled when it is not that.
[[nodiscard]] std::optional<LevelRow> parse_level(std::string_view body, std::string& error);

[[nodiscard]] net::HttpResponse handle_levels(const net::HttpRequest& request, LevelBook& book);

}  // namespace yagura::console
