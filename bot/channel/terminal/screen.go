package terminal

import (
	"bufio"
	"fmt"
	"io"
	"net/url"
	"path/filepath"
	"strconv"
	"strings"

	"sachhon/bot/channel"
	"sachhon/dialogs"
)

// What stands before what is said, by whom.
const (
	fromBot    = "< "
	fromPerson = "> "
	fromSelf   = "* " // the terminal itself
	below      = "  "
	colourBar  = "│ " // in place of the bot's sign and of what is below it
)

// gutter is how many columns those take.
const gutter = 2

// screen lays out what is said. Errors of writing are kept by out until flush.
type screen struct {
	out         *bufio.Writer
	width       int // of what stands after the gutter
	colour      bool
	interactive bool
	prompted    bool // the cursor stands after a prompt
}

func newScreen(out io.Writer, opts Options) *screen {
	return &screen{out: bufio.NewWriter(out), width: opts.width() - gutter, colour: opts.Colour, interactive: opts.Interactive}
}

// flush shows everything written so far.
func (s *screen) flush() error { return wrap("write to terminal", s.out.Flush()) }

// prompt invites the person to type, where there is one.
func (s *screen) prompt() {
	if s.interactive && !s.prompted {
		s.out.WriteString(s.coloured([]cell{{text: fromPerson, style: accent}}))
		s.prompted = true
	}
}

// typed notes that the person ended a line; without a prompt it is written out,
// so that the output can be read as a transcript.
func (s *screen) typed(text string) {
	if s.prompted = false; !s.interactive {
		s.person(text)
	}
}

// person shows what the person said.
func (s *screen) person(text string) { s.block(fromPerson, s.text(clean(text), normal)) }

// self shows a sentence of the terminal itself.
func (s *screen) self(text string) { s.block(fromSelf, s.text(text, faint)) }

// shown is one entry of the transcript with what belongs to it on this screen.
type shown struct {
	entry channel.Entry
	staff string   // what stands above the words of staff; empty: not of staff
	files []string // a line for each file
	first int      // the number of its first choice; 0: none can be picked
	pick  string   // says that choices are picked with "#1"; empty: with "1"
}

// entry shows one message.
func (s *screen) entry(e shown) {
	var list [][]cell
	if e.staff != "" {
		list = append(list, s.text(e.staff, strong)...)
	}
	m := e.entry.Message
	if m.Text != "" {
		list = append(list, s.message(m)...)
	}
	for _, f := range e.files {
		list = append(list, s.text(f, normal)...)
	}
	for _, row := range m.Buttons {
		for _, b := range row {
			if b.ID == "" {
				list = append(list, s.text(cleanLine(b.Label+": "+b.URL), normal)...)
			}
		}
	}
	if e.first > 0 {
		list = append(list, s.choices(e)...)
	}
	s.block(fromBot, list)
}

// message lays out a text with its strong runs; a mark without its partner is
// none and stays.
func (s *screen) message(m dialogs.Message) [][]cell {
	if m.Format != dialogs.Marked {
		return s.text(clean(m.Text), normal)
	}
	parts := strings.Split(clean(m.Text), "**")
	if n := len(parts); n%2 == 0 {
		parts = append(parts[:n-2], parts[n-2]+"**"+parts[n-1])
	}
	lines := [][]cell{nil}
	for i, part := range parts {
		st := normal
		if i%2 == 1 {
			st = strong
		}
		for j, piece := range strings.Split(part, "\n") {
			if j > 0 {
				lines = append(lines, nil)
			}
			last := &lines[len(lines)-1]
			*last = append(*last, cells(piece, st)...)
		}
	}
	return s.fold(lines)
}

// text lays out a clean text in one style.
func (s *screen) text(text string, st style) [][]cell {
	var lines [][]cell
	for _, l := range strings.Split(text, "\n") {
		lines = append(lines, cells(l, st))
	}
	return s.fold(lines)
}

func (s *screen) fold(lines [][]cell) [][]cell {
	var out [][]cell
	for _, l := range lines {
		out = append(out, fold(l, s.width, hangOf(l))...)
	}
	return out
}

// between is what stands between two choices on one line.
const between = 3

// choices lays out what can be picked, numbered, as many on a line as fit.
func (s *screen) choices(e shown) [][]cell {
	var out [][]cell
	var line []cell
	add := func(item []cell) {
		if len(line) > 0 && widthOf(line)+between+widthOf(item) > s.width {
			out, line = append(out, line), nil
		}
		if len(line) > 0 {
			line = append(line, cells(strings.Repeat(" ", between), normal)...)
		}
		line = append(line, item...)
	}
	for i, b := range pressable(e.entry.Message) {
		add(choice(e.first+i, b, e.pick != ""))
	}
	if e.pick != "" {
		add(cells(e.pick, faint))
	}
	var lines [][]cell
	for _, l := range append(out, line) {
		if widthOf(l) > s.width { // one choice with a long label
			lines = append(lines, fold(l, s.width, hangOf(l))...)
			continue
		}
		lines = append(lines, l)
	}
	return lines
}

func choice(n int, b dialogs.Button, sign bool) []cell {
	number := strconv.Itoa(n) + ")"
	if sign {
		number = "#" + strconv.Itoa(n)
	}
	label := cleanLine(b.Label)
	if b.On {
		label = "[x] " + label
	}
	return append(cells(number, accent), cells(" "+label, normal)...)
}

// block writes lines with a sign before the first of them.
func (s *screen) block(sign string, lines [][]cell) {
	if s.prompted { // what was being typed stays readable on its line
		s.out.WriteByte('\n')
		s.prompted = false
	}
	for i, l := range lines {
		lead := cell{text: sign, style: accent}
		if sign == fromBot && s.colour {
			lead.text = colourBar
		} else if i > 0 {
			lead.text = below
		}
		s.out.WriteString(s.coloured(trimmed(append([]cell{lead}, l...))))
		s.out.WriteByte('\n')
	}
}

// trimmed takes the spaces off the end of a line.
func trimmed(line []cell) []cell {
	for len(line) > 0 {
		last := &line[len(line)-1]
		if last.text = strings.TrimRight(last.text, " "); last.text != "" {
			break
		}
		line = line[:len(line)-1]
	}
	return line
}

// The codes that begin and end a style (ECMA-48, section 8.3.117): bold, cyan,
// faint. They end with their own opposite, so that the colours of the person's
// terminal are left alone.
var codes = [...]struct{ on, off string }{
	normal: {},
	strong: {"\x1b[1m", "\x1b[22m"},
	accent: {"\x1b[36m", "\x1b[39m"},
	faint:  {"\x1b[2m", "\x1b[22m"},
}

// coloured writes cells with their styles, where colours are wanted.
func (s *screen) coloured(list []cell) string {
	if !s.colour {
		return textOf(list)
	}
	var b strings.Builder
	now := normal
	for _, c := range list {
		if c.style != now {
			b.WriteString(codes[now].off)
			b.WriteString(codes[c.style].on)
			now = c.style
		}
		b.WriteString(c.text)
	}
	b.WriteString(codes[now].off)
	return b.String()
}

// fileLine describes a file and where it can be opened; path is empty where it
// could not be saved.
func fileLine(m dialogs.Media, path string, lang dialogs.Lang) string {
	w := wordsIn(lang)
	where := w.NoFile
	if path != "" {
		where = fileURL(path)
	}
	if m.Kind == dialogs.Image {
		alt := cleanLine(m.Alt)
		if alt == "" {
			alt = cleanLine(m.Name)
		}
		return fmt.Sprintf("[%s: %s] %s", w.Picture, alt, where)
	}
	line := "📄 " + cleanLine(m.Name)
	if size := channel.FileSize(m.Size, lang); size != "" {
		line += " (" + size + ")"
	}
	return line + " " + where
}

// fileURL returns the address under which terminals open a file.
func fileURL(path string) string {
	if full, err := filepath.Abs(path); err == nil {
		path = full
	}
	path = filepath.ToSlash(path)
	if !strings.HasPrefix(path, "/") {
		path = "/" + path // C:/… on Windows
	}
	return (&url.URL{Scheme: "file", Path: path}).String()
}
