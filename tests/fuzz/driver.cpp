// Runs a fuzz target without libFuzzer: inputs from a seeded generator, mutations of one another, for a
// number of runs or of seconds; or the files it is given. Every input is reproduced by its seed.
//
//   tick_path_fuzz [--runs N | --seconds N] [--seed N] [FILE...]
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <iterator>
#include <random>
#include <string>
#include <vector>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

namespace {

using Input = std::vector<std::uint8_t>;

Input fresh(std::mt19937_64& random) {
  Input input(64 + random() % 6'000);
  for (auto& byte : input) byte = static_cast<std::uint8_t>(random());
  return input;
}

// Bytes changed, pieces copied, cut out or doubled.
void mutate(Input& input, std::mt19937_64& random) {
  for (auto left = 1 + random() % 8; left > 0 && input.size() > 16; --left) {
    const auto at = random() % input.size();
    const auto size = std::min<std::size_t>(1 + random() % 64, input.size() - at);
    const auto first = input.begin() + static_cast<std::ptrdiff_t>(at);
    switch (random() % 4) {
      case 0: input[at] = static_cast<std::uint8_t>(random()); break;
      case 1: input.erase(first, first + static_cast<std::ptrdiff_t>(size)); break;
      case 2: {
        const Input piece(first, first + static_cast<std::ptrdiff_t>(size));
        if (input.size() < 16'000)
          input.insert(input.begin() + static_cast<std::ptrdiff_t>(random() % input.size()), piece.begin(),
                       piece.end());
        break;
      }
      default: std::memset(&input[at], static_cast<int>(random() & 0xFF), size);
    }
  }
}

std::uint64_t number(const char* text) { return std::strtoull(text, nullptr, 10); }

}  // namespace

int main(int argc, char** argv) {
  std::uint64_t runs = 1'000, seconds = 0, seed = 1;
  std::vector<std::string> files;
  for (int i = 1; i < argc; ++i) {
    const std::string word = argv[i];
    const bool more = i + 1 < argc;
    if (word == "--runs" && more)
      runs = number(argv[++i]);
    else if (word == "--seconds" && more)
      seconds = number(argv[++i]);
    else if (word == "--seed" && more)
      seed = number(argv[++i]);
    else
      files.push_back(word);
  }
  for (const auto& name : files) {
    std::ifstream file(name, std::ios::binary);
    const Input input{std::istreambuf_iterator<char>(file), {}};
    LLVMFuzzerTestOneInput(input.data(), input.size());
  }
  if (!files.empty()) return 0;

  const auto start = std::chrono::steady_clock::now();
  const auto over = [&](std::uint64_t done) {
    return seconds == 0 ? done >= runs : std::chrono::steady_clock::now() - start >= std::chrono::seconds{seconds};
  };
  std::uint64_t done = 0;
  Input input;
  for (; !over(done); ++done) {
    std::mt19937_64 random{seed + done};
    if (done % 16 == 0 || input.size() < 64)
      input = fresh(random);
    else
      mutate(input, random);
    // What stops the program is there to be run again.
    std::ofstream("last-input.bin", std::ios::binary)
        .write(reinterpret_cast<const char*>(input.data()), static_cast<std::streamsize>(input.size()));
    LLVMFuzzerTestOneInput(input.data(), input.size());
  }
  std::printf("%llu inputs, no finding\n", static_cast<unsigned long long>(done));
  return 0;
}
