// Price levels while the monitor runs: what the console may change, done to the detectors and kept
// in the snapshot. Detector thread only.
#pragma once

#include <functional>

#include "alerts/catalog.hpp"
#include "config/settings.hpp"
#include "console/levels_api.hpp"
#include "processing/monitor.hpp"

namespace yagura::app {

class RuntimeLevels final : public console::LevelBook {
 public:
  // All outlive it. `monitor` and `catalog` are looked up at each call: a reload replaces them.
  RuntimeLevels(const config::Settings& settings, const std::unique_ptr<processing::Monitor>& monitor,
                const std::unique_ptr<alerts::Catalog>& catalog, std::function<void()> changed)
      : settings_(settings), monitor_(monitor), catalog_(catalog), changed_(std::move(changed)) {}

  // After a snapshot was loaded: puts back what was added before.
  void restore();

  std::vector<console::LevelRow> levels(std::size_t limit, std::size_t& total) override;
  console::LevelRefusal add(console::LevelRow& row) override;
  console::LevelRefusal remove(const console::LevelRow& row) override;

 private:
  // The level rule meant by a row, its name filled in; null with the refusal filled.
  const processing::RuleOptions* rule_of(console::LevelRow& row, console::LevelRefusal& refusal) const;
  [[nodiscard]] std::int32_t keep_note(std::string_view rule, const std::string& note);

  const config::Settings& settings_;
  const std::unique_ptr<processing::Monitor>& monitor_;
  const std::unique_ptr<alerts::Catalog>& catalog_;
  std::function<void()> changed_;  // a snapshot is due
};

}  // namespace yagura::app
