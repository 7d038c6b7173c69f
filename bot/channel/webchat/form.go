package webchat

import (
	"bufio"
	"errors"
	"io"
	"mime"
	"mime/multipart"
	"net/http"
	"path"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"sachhon/bot/channel"
	"sachhon/dialogs"
)

const (
	maxText   = 4000     // runes of one message
	maxForm   = 64 << 10 // bytes of a form without a file
	maxUpload = 10 << 20 // bytes of a file
	// maxDrain is how much of a file that is too large is still read, so that
	// the browser gets to see the answer instead of a broken connection.
	maxDrain = 64 << 20
	// maxName is how many runes of a file's name are kept.
	maxName = 100
)

// form is what a post carries. Every field is as the browser sent it, checked
// for its form but not believed.
type form struct {
	id    string // nonce; never empty once read
	own   fields
	text  string
	press string
	after uint64 // the last entry the page shows
	file  dialogs.Media
	sent  bool // a file was sent
}

var (
	errTooLong = errors.New("form too long")
	errBigFile = errors.New("file too large")
	errBadFile = errors.New("kind of file not taken")
	errNoFile  = errors.New("no file chosen")
)

// readForm reads a form without a file.
func readForm(rw http.ResponseWriter, r *http.Request) (form, error) {
	r.Body = http.MaxBytesReader(rw, r.Body, maxForm)
	if err := r.ParseForm(); err != nil {
		if big := (*http.MaxBytesError)(nil); errors.As(err, &big) {
			return form{}, errTooLong
		}
		// A broken escape spoils its own field only; the others were read.
	}
	var f form
	for name, values := range r.PostForm {
		f.set(name, values[0])
	}
	return f.checked(), nil
}

// isUpload says whether a post carries a file.
func isUpload(r *http.Request) bool {
	kind, _, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	return err == nil && kind == "multipart/form-data"
}

// readUpload reads a form with a file and hands the file to the bot as it
// arrives.
func (w *Web) readUpload(r *http.Request) (f form, err error) {
	defer func() { f = f.checked() }()
	parts, err := r.MultipartReader()
	if err != nil {
		return f, errNoFile
	}
	for {
		part, err := parts.NextPart()
		if errors.Is(err, io.EOF) {
			return f, nil
		}
		if err != nil {
			return f, errNoFile
		}
		if part.FormName() != "file" {
			value, err := io.ReadAll(io.LimitReader(part, maxForm))
			if err != nil {
				return f, errNoFile
			}
			f.set(part.FormName(), string(value))
			continue
		}
		if f.file, err = w.keep(r, part); err != nil {
			return f, err
		}
		f.sent = true
	}
}

// keep checks a file and has it stored.
func (w *Web) keep(r *http.Request, part *multipart.Part) (dialogs.Media, error) {
	body := &sized{r: part, left: maxUpload}
	head := bufio.NewReaderSize(body, 512)
	start, err := head.Peek(512)
	if len(start) == 0 {
		return dialogs.Media{}, errNoFile
	}
	if err != nil && !errors.Is(err, io.EOF) {
		return dialogs.Media{}, errNoFile
	}
	kind, ending := fileKind(start)
	if kind == "" {
		// The answer is not seen before the file is sent.
		_, _ = io.CopyN(io.Discard, part, maxDrain)
		return dialogs.Media{}, errBadFile
	}
	m, err := w.bot.Keep(r.Context(), fileName(part.FileName(), ending), kind, head)
	if body.over {
		_, _ = io.CopyN(io.Discard, part, maxDrain)
		return dialogs.Media{}, errBigFile
	}
	return m, err
}

// sized reads at most left bytes and fails when there are more.
type sized struct {
	r    io.Reader
	left int64
	over bool
}

// Read reads from the file, as io.Reader.
func (s *sized) Read(p []byte) (int, error) {
	if s.over {
		return 0, errBigFile
	}
	n, err := s.r.Read(p)
	if s.left -= int64(n); s.left < 0 {
		s.over = true
		return 0, errBigFile
	}
	return n, err
}

// fileKind tells what a file is by its first bytes; empty: not taken.
func fileKind(start []byte) (kind, ending string) {
	switch kind = http.DetectContentType(start); kind {
	case "image/jpeg":
		return kind, ".jpg"
	case "image/png":
		return kind, ".png"
	case "image/gif":
		return kind, ".gif"
	case "image/webp":
		return kind, ".webp"
	case "application/pdf":
		return kind, ".pdf"
	}
	return "", ""
}

// fileName is the name a person gave a file, without folders and with the
// ending of what it is.
func fileName(name, ending string) string {
	name = path.Base(strings.ReplaceAll(name, `\`, "/"))
	name = strings.TrimSuffix(name, path.Ext(name))
	name = strings.Map(func(r rune) rune {
		if unicode.IsPrint(r) && r != '"' {
			return r
		}
		return -1
	}, strings.ToValidUTF8(name, ""))
	name = strings.Trim(firstRunes(name, maxName), " ./")
	if name == "" {
		name = "file"
	}
	return name + ending
}

func firstRunes(s string, n int) string {
	for i := range s {
		if n == 0 {
			return s[:i]
		}
		n--
	}
	return s
}

func (f *form) set(name, value string) {
	switch name {
	case "id":
		f.id = value
	case "begin":
		f.own.Begin = value
	case "start":
		f.own.Start = value
	case "lang":
		f.own.Lang = value
	case "text":
		f.text = strings.TrimSpace(strings.ToValidUTF8(value, "\uFFFD"))
	case "press":
		f.press = value
	case "after":
		f.after, _ = strconv.ParseUint(value, 10, 64)
	}
}

// checked drops what has not the form that our own pages give it.
func (f form) checked() form {
	if !isNonce(f.id) {
		f.id = randomHex(8)
	}
	f.own.Fresh = isNonce(f.own.Begin)
	if !f.own.Fresh {
		f.own.Begin, f.own.Start = "", ""
	}
	if _, ok := startPayload(f.own.Start); !ok {
		f.own.Start = ""
	}
	if _, ok := knownLang(f.own.Lang); !ok {
		f.own.Lang = ""
	}
	return f
}

func (f form) tooLong() bool { return utf8.RuneCountInString(f.text) > maxText }

// empty says whether the form says nothing.
func (f form) empty() bool { return f.text == "" && f.press == "" && !f.sent }

// isNonce says whether s is what our pages and their script make up.
func isNonce(s string) bool {
	return len(s) >= 16 && len(s) <= 64 && strings.Trim(s, "0123456789abcdef") == ""
}

// incoming is what the form says to the bot; label is the one of the button.
func (w *Web) incoming(at channel.Address, f form, label string) channel.Incoming {
	in := channel.Incoming{Address: at, At: w.now(), Lang: dialogs.Lang(f.own.Lang)}
	switch {
	case f.press != "":
		in.ID, in.Input, in.Label = incomingID(at, f.id, "press", f.press), dialogs.Press(f.press), label
	case f.sent:
		in.ID, in.Input = incomingID(at, f.id, "file", f.file.Ref), dialogs.Input{Kind: dialogs.InputFile, File: f.file}
	default:
		in.ID, in.Input = incomingID(at, f.id, "text", f.text), dialogs.Say(f.text)
	}
	return in
}
