// How one market usually answers another, learnt from their returns on a common grid: beta and
// correlation with exponential weights, the spread of what beta leaves unexplained over past sessions,
// and whether the correlation of the moment still is that of those sessions.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <vector>

#include "core/price.hpp"
#include "core/time.hpp"
#include "processing/rules.hpp"
#include "processing/state_io.hpp"

namespace yagura::processing {

class PairModel {
 public:
  explicit PairModel(const DivergenceOptions& options);

  // What the model has to say at a point of the grid. Changes are natural logarithms over the window.
  struct Residual {
    double own_change;
    double other_change;
    double expected;  // beta times the other's change
    double z;         // own change - expected, in standard deviations of past sessions
    Price own_start;
    Price other_start;
  };
  struct Coupling {
    double z;         // of the change between the two, by Fisher's transformation
    double rho;       // of the last while: half the half-life
    double rho_long;  // of past sessions
  };
  struct Reading {
    bool new_session;
    bool continued;  // the point right before this one exists, too
    std::optional<Residual> residual;
    std::optional<Coupling> coupling;
    double beta;
    double rho;
  };
  // What is known now, after the newest point.
  struct Knowledge {
    Timestamp last;  // zero before the first point
    bool whole;      // enough is known for a residual to be judged
    std::optional<double> beta;
    std::optional<double> rho;
    std::optional<double> rho_long;
  };
  [[nodiscard]] Knowledge knowledge() const;
  // The next point of the grid, in order of time. `date`: the session it belongs to.
  Reading on_point(Timestamp t, Date date, Price own, Price other) noexcept;
  void forget() noexcept;
  void state(StateIo& io);

 private:
  // Means are taken as zero, as is right for returns of a minute.
  struct Moments {
    double xx = 0, yy = 0, xy = 0;  // x: the other's returns, y: one's own
    [[nodiscard]] double rho() const;
    void decay(double lambda, double x, double y);
  };
  struct Session {
    Moments returns;  // sums
    double residuals = 0;
    std::uint32_t return_count = 0;
    std::uint32_t residual_count = 0;
  };
  struct Prices {
    Price own, other;
  };
  static constexpr std::size_t kSessions = 20;

  void start_session() noexcept;
  [[nodiscard]] Session past() const;
  [[nodiscard]] std::optional<Residual> residual(const Prices& now) noexcept;
  [[nodiscard]] std::optional<Coupling> coupling() const;

  Duration step_;
  double lambda_, short_lambda_;
  std::uint32_t short_returns_;  // of today, before its correlation is more than yesterday's

  Moments weighted_, short_;
  double beta_ = 0;
  std::uint32_t samples_ = 0;
  Date date_{};
  Timestamp last_{};
  std::uint32_t run_ = 0;     // returns in a row without a hole
  std::vector<Prices> ring_;  // of the points before, as many as a window has returns
  std::uint32_t at_ = 0;      // the oldest, where the next one goes
  Session today_;
  std::array<Session, kSessions> sessions_{};
  std::uint32_t session_at_ = 0;
};

}  // namespace yagura::processing
