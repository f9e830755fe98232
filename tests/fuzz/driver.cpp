// Runs a fuzz target without libFuzzer: inputs mutated from seeds and from one another by a seeded
// generator, for a number of runs or of seconds; or the files it is given. The same arguments give
// the same inputs.
//
//   codec_gmo_fuzz [--runs N | --seconds N] [--seed N] [--corpus FOLDER]... [--dict FILE] [FILE...]
#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <random>

#include "tests/fuzz/fuzz.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

namespace {

constexpr std::size_t kLargest = 16'000;

struct Arguments {
  std::uint64_t runs = 1'000, seconds = 0, seed = 1;
  std::vector<std::string> corpus, files;
  std::string dictionary;
};

Arguments read_arguments(int argc, char** argv) {
  Arguments all;
  const auto number = [](const char* text) { return std::strtoull(text, nullptr, 10); };
  for (int i = 1; i < argc; ++i) {
    const std::string_view word = argv[i];
    const char* const value = i + 1 < argc ? argv[i + 1] : "";
    if (!word.starts_with("--")) {
      all.files.emplace_back(word);
      continue;
    }
    ++i;
    if (word == "--runs")
      all.runs = number(value);
    else if (word == "--seconds")
      all.seconds = number(value);
    else if (word == "--seed")
      all.seed = number(value);
    else if (word == "--corpus")
      all.corpus.emplace_back(value);
    else if (word == "--dict")
      all.dictionary = value;
    else
      yagura::fuzz::require(false, "arguments: --runs, --seconds, --seed, --corpus, --dict, files");
  }
  return all;
}

std::string read_file(const std::filesystem::path& name) {
  std::ifstream file(name, std::ios::binary);
  yagura::fuzz::require(static_cast<bool>(file), name.c_str());
  return {std::istreambuf_iterator<char>(file), {}};
}

std::vector<std::string> read_corpus(const std::vector<std::string>& folders) {
  auto seeds = yagura::fuzz::fuzz_seeds();
  for (const auto& folder : folders) {
    std::vector<std::filesystem::path> names;
    for (const auto& entry : std::filesystem::directory_iterator{folder}) names.push_back(entry.path());
    std::ranges::sort(names);  // the order of a folder is the file system's
    for (const auto& name : names) seeds.push_back(read_file(name));
  }
  return seeds;
}

// libFuzzer's format: "token" a line, perhaps behind a name; \" \\ and \xAB inside.
std::vector<std::string> read_dictionary(const std::string& name) {
  std::vector<std::string> tokens;
  if (name.empty()) return tokens;
  std::ifstream file(name);
  yagura::fuzz::require(static_cast<bool>(file), name.c_str());
  for (std::string line; std::getline(file, line);) {
    const auto first = line.find('"'), last = line.rfind('"');
    if (line.starts_with('#') || first == last) continue;
    std::string token;
    for (auto i = first + 1; i < last; ++i) {
      if (line[i] != '\\') {
        token += line[i];
      } else if (line[++i] == 'x') {
        token += static_cast<char>(std::strtoul(line.substr(i + 1, 2).c_str(), nullptr, 16));
        i += 2;
      } else {
        token += line[i];
      }
    }
    tokens.push_back(token);
  }
  return tokens;
}

class Mutator {
 public:
  Mutator(std::vector<std::string> seeds, std::vector<std::string> tokens)
      : seeds_(std::move(seeds)), tokens_(std::move(tokens)) {}

  // Input `number` of a sequence in which most are made of the one before.
  const std::string& next(std::uint64_t number, std::uint64_t seed) {
    random_.seed(seed + number);
    if (number < seeds_.size()) return input_ = seeds_[number];
    // A text that was changed often means nothing any more.
    const bool text = !seeds_.empty();
    if (text ? input_.empty() || number % 4 == 0 : input_.size() < 64 || number % 16 == 0) start_over();
    for (auto left = 1 + below(text ? 1 + below(4) : 8); left > 0; --left) mutate();
    return input_;
  }

 private:
  std::size_t below(std::size_t limit) { return random_() % limit; }
  const std::string& any(const std::vector<std::string>& list) { return list[below(list.size())]; }

  void start_over() {
    if (!seeds_.empty()) {
      input_ = any(seeds_);
      return;
    }
    input_.resize(64 + below(6'000));
    for (auto& byte : input_) byte = static_cast<char>(random_());
  }

  // Bytes changed, pieces cut out, copied, filled or taken from elsewhere.
  void mutate() {
    const auto at = below(input_.size() + 1);
    const auto size = std::min<std::size_t>(1 + below(64), input_.size() - at);
    switch (below(7)) {
      case 0:
        if (size != 0) input_[at] = static_cast<char>(random_());
        break;
      case 1: input_.erase(at, size); break;
      case 2: insert(below(input_.size() + 1), input_.substr(at, size)); break;
      case 3: std::fill_n(input_.begin() + static_cast<std::ptrdiff_t>(at), size, static_cast<char>(random_())); break;
      case 4:
        if (size != 0) input_[at] = static_cast<char>(input_[at] ^ (1 << below(8)));
        break;
      case 5:
        if (!tokens_.empty()) insert(at, any(tokens_));
        break;
      default:
        if (seeds_.empty()) break;
        const auto& other = any(seeds_);
        const auto from = below(other.size() + 1);
        insert(at, other.substr(from, 1 + below(200)));
    }
  }

  void insert(std::size_t at, const std::string& piece) {
    if (input_.size() + piece.size() < kLargest) input_.insert(at, piece);
  }

  std::vector<std::string> seeds_, tokens_;
  std::mt19937_64 random_;
  std::string input_;
};

// The input at hand, in a file: what stops the program is there to be run again.
class LastInput {
 public:
  explicit LastInput(const std::string& name)
      : fd_(::open(name.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644)) {}
  ~LastInput() { ::close(fd_); }
  LastInput(const LastInput&) = delete;
  LastInput& operator=(const LastInput&) = delete;
  void keep(const std::string& input) const {
    const auto size = static_cast<::off_t>(input.size());
    yagura::fuzz::require(::ftruncate(fd_, size) == 0 && ::pwrite(fd_, input.data(), input.size(), 0) == size,
                          "the input cannot be kept in the working directory");
  }

 private:
  int fd_;
};

void run(const std::string& input) {
  LLVMFuzzerTestOneInput(reinterpret_cast<const std::uint8_t*>(input.data()), input.size());
}

}  // namespace

int main(int argc, char** argv) {
  const auto arguments = read_arguments(argc, argv);
  for (const auto& name : arguments.files) run(read_file(name));
  if (!arguments.files.empty()) return 0;

  Mutator mutator{read_corpus(arguments.corpus), read_dictionary(arguments.dictionary)};
  const LastInput last{std::filesystem::path{argv[0]}.filename().string() + ".last-input"};
  const auto start = std::chrono::steady_clock::now();
  const auto over = [&](std::uint64_t done) {
    if (arguments.seconds == 0) return done >= arguments.runs;
    return std::chrono::steady_clock::now() - start >= std::chrono::seconds{arguments.seconds};
  };
  std::uint64_t done = 0;
  for (; !over(done); ++done) {
    const auto& input = mutator.next(done, arguments.seed);
    last.keep(input);
    run(input);
  }
  std::printf("%llu inputs, no finding\n", static_cast<unsigned long long>(done));
  return 0;
}
