// Where alerts leave the program: the one interface that a file, a web hook or a mail stands behind.
#pragma once

#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>

#include "alerts/delivery.hpp"
#include "alerts/jsonl_file.hpp"

namespace yagura::alerts {

// An alert or a storm's summary on its way out. Views are valid during the call only.
struct Message {
  Id128 id;
  Severity severity{};
  std::string_view json;            // an alert's is the journal's, byte for byte
  Held held = Held::kNot;           // only sinks that get all see another
  std::span<const Id128> absorbed;  // alerts that were held in favour of this one
};

// Called on the thread that decides alerts: take() copies what it needs and never waits.
class Sink {
 public:
  virtual ~Sink() = default;
  virtual void take(const Message& message) = 0;
};

class FileSink final : public Sink {
 public:
  explicit FileSink(std::unique_ptr<JsonlFile> file) : file_(std::move(file)) {}
  void take(const Message& message) override { file_->append(std::string{message.json}); }

 private:
  std::unique_ptr<JsonlFile> file_;
};

}  // namespace yagura::alerts
