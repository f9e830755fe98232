"""However the screen ends, the terminal is as it was and the exit status says what happened."""

import os
import shutil
import signal
import unittest

from terminal_case import PATIENCE, TerminalTest, eventually

REACHED = "reached 101,000"


class EndsTest(TerminalTest):
    def begin(self, *more):
        terminal = self.terminal()
        terminal.run(self.run_line(*more))
        self.tick("100500")
        self.tick("101000.5")
        terminal.await_text(REACHED)
        self.assertTrue(terminal.on_other_screen())
        return terminal

    def test_q_ends_the_monitor_in_order(self):
        terminal = self.begin()
        terminal.type("q")
        self.assertEqual(terminal.await_code(), 0)
        self.assertIn("tick_to_alert", terminal.everything())
        self.assertIn("The monitor ended with its screen", terminal.everything())
        self.assertTrue(terminal.is_sane())

    def test_control_c(self):
        terminal = self.begin()
        terminal.keys("C-c")
        self.assertEqual(terminal.await_code(), 0)
        self.assertIn("tick_to_alert", terminal.everything())
        self.assertTrue(terminal.is_sane())

    def test_sigterm(self):
        terminal = self.begin()
        os.kill(terminal.child(), signal.SIGTERM)
        self.assertEqual(terminal.await_code(), 0)
        self.assertTrue(terminal.is_sane())

    def test_sigterm_behind_a_terminal_that_stands_still(self):
        terminal = self.begin()
        terminal.keys("C-s")
        os.kill(terminal.child(), signal.SIGTERM)
        self.assertEqual(terminal.await_code(), 0)
        self.assertTrue(terminal.is_sane())

    def test_crashes(self):
        for number in (signal.SIGSEGV, signal.SIGABRT, signal.SIGQUIT):
            with self.subTest(number.name):
                terminal = self.begin()
                os.kill(terminal.child(), number)
                self.assertEqual(terminal.await_code(), 128 + number)
                self.assertTrue(terminal.is_sane())

    def test_the_end_of_its_time(self):
        terminal = self.begin("--for", "3s")
        self.assertEqual(terminal.await_code(), 0)
        self.assertTrue(terminal.is_sane())

    def test_a_terminal_that_is_closed_ends_the_monitor(self):
        terminal = self.begin()
        pid = terminal.child()
        terminal.close()
        eventually(lambda: not os.path.exists(f"/proc/{pid}"), "the end of the monitor", PATIENCE)

    def test_hang_up_with_the_terminal_there_reads_the_settings_anew(self):
        terminal = self.begin()
        os.kill(terminal.child(), signal.SIGHUP)
        self.tick("102000.5")
        terminal.await_text("reached 102,000")
        self.assertTrue(terminal.on_other_screen())

    def test_stopped_and_continued(self):
        terminal = self.begin()
        terminal.keys("C-z")
        terminal.await_text(r"^\$ ?$")
        self.assertTrue(terminal.is_sane())
        terminal.type("fg")
        terminal.keys("Enter")
        terminal.await_text(REACHED)
        self.assertTrue(terminal.on_other_screen())
        self.tick("102000.5")
        terminal.await_text("reached 102,000")
        terminal.type("q")
        terminal.await_text("tick_to_alert")
        self.assertTrue(terminal.is_sane())

    def test_in_the_background_the_monitor_works_and_the_terminal_is_the_shells(self):
        terminal = self.begin()
        terminal.keys("C-z")
        terminal.await_text(r"^\$ ?$")
        terminal.type("bg")
        terminal.keys("Enter")
        self.tick("102000.5")
        self.assertTrue(terminal.is_sane())
        terminal.type("fg")
        terminal.keys("Enter")
        terminal.await_text("reached 102,000")
        terminal.type("q")
        terminal.await_text("tick_to_alert")
        self.assertTrue(terminal.is_sane())


class ViewerEndsTest(TerminalTest):
    def begin(self):
        monitor = self.monitor("--config", self.config(), "--plain")
        monitor.await_err("desk: SUBSCRIBED")  # before that a tick would go to the one before
        self.tick("100500")
        self.tick("101000.5")
        terminal = self.terminal()
        terminal.run(self.console_line(monitor))
        terminal.await_text(REACHED)
        return monitor, terminal

    def test_only_the_viewer_ends(self):
        for end in ("q", "C-c", signal.SIGTERM, signal.SIGHUP):
            with self.subTest(end):
                shutil.rmtree(self.state, ignore_errors=True)
                monitor, terminal = self.begin()
                if isinstance(end, str):
                    terminal.keys(end)
                else:
                    os.kill(terminal.child(), end)
                self.assertEqual(terminal.await_code(), 0)
                self.assertTrue(terminal.is_sane())
                self.assertTrue(monitor.running())
                monitor.stop()


if __name__ == "__main__":
    unittest.main()
