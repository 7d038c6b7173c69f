package main

import (
	"fmt"
	"io"
	"strings"
	"unicode/utf8"

	"golang.org/x/term"
)

// screen shows how far something is: on a terminal one line with a bar, drawn
// anew in its place, else a line for every change.
type screen struct {
	out   io.Writer
	width func() int // of the terminal in characters; nil: there is none
	last  string
}

// noWidth is how wide a terminal is taken for that does not say.
const noWidth = 80

func newScreen(out io.Writer) *screen {
	s := &screen{out: out}
	if f, ok := out.(interface{ Fd() uintptr }); ok && term.IsTerminal(int(f.Fd())) {
		s.width = func() int {
			if w, _, err := term.GetSize(int(f.Fd())); err == nil && w > 0 {
				return w
			}
			return noWidth
		}
	}
	return s
}

// show says words, their longest wording first, in place of what was shown
// before; done of total is what the bar shows.
func (s *screen) show(words []string, done, total int) {
	if s.width != nil {
		fmt.Fprint(s.out, "\r\x1b[K", fitted(words, done, total, s.width()-1)) // a full line would wrap on some terminals
	} else if words[0] != s.last {
		fmt.Fprintln(s.out, words[0])
	}
	s.last = words[0]
}

// end leaves the cursor on a line of its own.
func (s *screen) end() {
	if s.width != nil && s.last != "" {
		fmt.Fprintln(s.out)
	}
}

// How many characters the bar has, its brackets left out.
const (
	shortestBar = 6
	longestBar  = 30
)

// fitted is the most telling of the wordings that fits a width behind a bar;
// the shortest one alone where there is no room for both.
func fitted(words []string, done, total, width int) string {
	for _, line := range words {
		room := width - utf8.RuneCountInString(line) - len("[] ")
		if room >= shortestBar {
			return bar(done, total, min(room, longestBar)) + " " + line
		}
	}
	line := []rune(words[len(words)-1])
	if len(line) > width {
		line = append(line[:max(width-1, 0)], '…')
	}
	return string(line)
}

func bar(done, total, width int) string {
	full := 0
	if total > 0 {
		full = done * width / total
	}
	return "[" + strings.Repeat("█", full) + strings.Repeat("·", width-full) + "]"
}
