// POST /api/v1/corrections: a print was cancelled after the fact. The console's thread.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "core/net/ws_server.hpp"
#include "core/price.hpp"
#include "core/time.hpp"

namespace yagura::console {

// The print, as the `instrument`, `ts_event_ns` and `price` of an alert name it.
struct Correction {
  std::string instrument;
  Timestamp ts_event;
  Price price;
};

struct CorrectionAnswer {
  int status = 200;           // 404: no such instrument, 409: too late to correct
  std::string message;        // what became of it, a sentence
  bool changed = false;       // today's extremes or close stood on it
  std::size_t withdrawn = 0;  // alerts
};

// Who can correct; implemented by the application.
class CorrectionDesk {
 public:
  virtual ~CorrectionDesk() = default;
  virtual CorrectionAnswer cancel(const Correction& print) = 0;
};

// {"instrument":"NI225","ts_event_ns":1770596520000000000,"price":"57337.07"}; both numbers may be
// strings. Nothing and `error` filled when it is not that.
[[nodiscard]] std::optional<Correction> parse_correction(std::string_view body, std::string& error);

[[nodiscard]] net::HttpResponse handle_correction(const net::HttpRequest& request, CorrectionDesk& desk);

}  // namespace yagura::console
