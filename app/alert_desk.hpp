// What happens to a decision: it is numbered, put into words, written to the console's clients
// first and then passed on to journal, files and screen, which have threads of their own.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "alerts/alert.hpp"
#include "alerts/catalog.hpp"
#include "alerts/journal.hpp"
#include "alerts/jsonl_file.hpp"

namespace yagura::app {

// Detector thread only.
class AlertDesk {
 public:
  enum class ScreenFormat : std::uint8_t { kLines, kColour, kJson };
  struct Outputs {
    std::function<void(std::uint64_t seq, std::string_view json)> console;  // may be empty
    alerts::JsonlFile* screen = nullptr;                                    // null: none
    ScreenFormat format = ScreenFormat::kLines;
    std::vector<std::unique_ptr<alerts::JsonlFile>> files;
  };

  AlertDesk(const alerts::Catalog& catalog, alerts::Journal& journal, Outputs outputs)
      : catalog_(catalog), journal_(journal), outputs_(std::move(outputs)) {}

  void hand_out(const SignalBuffer& signals);

  [[nodiscard]] std::uint64_t alerts() const { return alerts_; }    // handed out
  [[nodiscard]] std::uint64_t repeats() const { return repeats_; }  // decided again after a crash, known already

 private:
  void show(const alerts::Alert& alert);

  const alerts::Catalog& catalog_;
  alerts::Journal& journal_;
  Outputs outputs_;
  std::string json_;
  Date shown_date_{};
  std::uint64_t alerts_ = 0;
  std::uint64_t repeats_ = 0;
};

}  // namespace yagura::app
