package telegram

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"strconv"
	"strings"
	"sync"

	tgbotapi "github.com/go-telegram-bot-api/telegram-bot-api/v5"

	"sachhon/dialogs"
)

// maxPhoto is the largest picture that can be uploaded as one (Bot API, sending
// files); larger ones go as documents.
const maxPhoto = 10 << 20

// fileError is something of ours that could not be read: a file, a note.
type fileError struct{ err error }

// Error says what was tried.
func (e *fileError) Error() string { return e.err.Error() }

// Unwrap returns the cause.
func (e *fileError) Unwrap() error { return e.err }

// way is how a kind of file is sent.
type way struct {
	method, field string
	action        string // what is shown in the chat meanwhile
}

var (
	asPhoto    = way{"sendPhoto", "photo", "upload_photo"}
	asDocument = way{"sendDocument", "document", "upload_document"}
)

// wayOf chooses how a file is sent. Telegram shows these kinds of pictures.
func wayOf(m dialogs.Media) way {
	switch {
	case m.Kind != dialogs.Image || m.Size > maxPhoto:
		return asDocument
	case m.MIME == "image/png" || m.MIME == "image/jpeg" || m.MIME == "image/webp" || m.MIME == "":
		return asPhoto
	default:
		return asDocument
	}
}

// file returns the part that sends a file with a text below it.
func (s *sending) file(m dialogs.Media, caption dialogs.Message, markup any) part {
	return func(ctx context.Context) (int, error) {
		p := parcel{sending: s, media: m, caption: caption, markup: markup, way: wayOf(m)}
		id, err := p.send(ctx)
		if meaningOf(err) == noPhoto && p.way == asPhoto {
			p.way = asDocument
			id, err = p.send(ctx)
		}
		if errors.Is(err, fs.ErrNotExist) {
			// The words are worth more than nothing at all.
			s.log.Warn("a file of a message is not there; the message is sent without it", "error", err)
			return s.without(ctx, m, caption, markup)
		}
		return id, err
	}
}

// without sends what stood below a file that is not there.
func (s *sending) without(ctx context.Context, m dialogs.Media, caption dialogs.Message, markup any) (int, error) {
	if caption.Text == "" && m.Name != "" {
		caption.Text = "[" + m.Name + "]"
	}
	return s.text(caption, markup)(ctx)
}

// parcel is one file on its way.
type parcel struct {
	*sending
	media   dialogs.Media
	caption dialogs.Message
	markup  any
	way     way
}

// send sends the file by the id Telegram has it under, or uploads it.
func (p *parcel) send(ctx context.Context) (int, error) {
	key := noteFile + p.media.Ref
	noted, err := p.notes.Note(ctx, key)
	if err != nil {
		return 0, unnoted("read where a file is", err)
	}
	if id, ok := strings.CutPrefix(noted, p.way.field+":"); ok {
		sent, err := p.byID(ctx, id)
		if meaningOf(err) != lostFile {
			return sent, err
		}
		if err := p.notes.PutNote(ctx, key, ""); err != nil {
			p.log.Warn("not noted that Telegram lost a file", "error", err)
		}
	}
	return p.upload(ctx, key)
}

func (p *parcel) params() (tgbotapi.Params, error) {
	params := tgbotapi.Params{"chat_id": strconv.FormatInt(p.chat, 10)}
	p.payable(params)
	text, mode := markup(p.caption.Text, p.caption.Format)
	params.AddNonEmpty("caption", text)
	if text != "" {
		params.AddNonEmpty("parse_mode", mode)
	}
	return params, markupParam(params, p.markup)
}

// byID sends a file Telegram has.
func (p *parcel) byID(ctx context.Context, id string) (int, error) {
	params, err := p.params()
	if err != nil {
		return 0, err
	}
	params[p.way.field] = id
	raw, err := p.client.call(ctx, p.way.method, params)
	if err != nil {
		return 0, err
	}
	return messageID(raw), nil
}

// upload sends the bytes, and notes where Telegram has them if others get the
// same.
func (p *parcel) upload(ctx context.Context, key string) (int, error) {
	params, err := p.params()
	if err != nil {
		return 0, err
	}
	body, shared, err := p.files.Open(ctx, p.media.Ref)
	if err != nil {
		return 0, &fileError{fmt.Errorf("open file to send: %w", err)}
	}
	lent := &lent{body: body}
	defer lent.close()
	p.acts.show(ctx, p.Telegram, p.chat, p.way.action)
	ctx, cancel := context.WithTimeout(ctx, uploadTimeout)
	defer cancel()
	file := tgbotapi.RequestFile{Name: p.way.field, Data: tgbotapi.FileReader{Name: fileName(p.media), Reader: lent}}
	raw, err := p.client.ask(ctx, p.way.method, params, []tgbotapi.RequestFile{file})
	if broken := lent.broken(); broken != nil {
		return 0, &fileError{fmt.Errorf("read file to send: %w", broken)}
	}
	if err != nil {
		return 0, err
	}
	if id := fileID(raw, p.way); shared && id != "" {
		if err := p.notes.PutNote(ctx, key, p.way.field+":"+id); err != nil {
			p.log.Warn("not noted where Telegram has a file; it is uploaded again", "error", err)
		}
	}
	return messageID(raw), nil
}

// fileName is the name a person sees; never a path.
func fileName(m dialogs.Media) string {
	name := m.Name[strings.LastIndexAny(m.Name, `/\`)+1:]
	switch {
	case name != "":
		return name
	case m.Kind == dialogs.Image:
		return "photo.jpg"
	default:
		return "file"
	}
}

// fileID reads under which id Telegram has a file that was taken.
func fileID(raw json.RawMessage, w way) string {
	var m struct {
		Photo    []tgbotapi.PhotoSize `json:"photo"`
		Document *tgbotapi.Document   `json:"document"`
	}
	if json.Unmarshal(raw, &m) != nil {
		return ""
	}
	switch {
	case w == asPhoto && len(m.Photo) > 0:
		return m.Photo[len(m.Photo)-1].FileID
	case w == asDocument && m.Document != nil:
		return m.Document.FileID
	default:
		return ""
	}
}

// lent is a file lent to the library, which may still read in it when the
// request is over, and closes it only when all went well.
type lent struct {
	mu   sync.Mutex
	body io.ReadCloser
	over bool
	err  error // of reading
}

// Read reads until the file was taken back.
func (l *lent) Read(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.over {
		return 0, io.ErrClosedPipe
	}
	n, err := l.body.Read(p)
	if err != nil && err != io.EOF {
		l.err = err
	}
	return n, err
}

// broken returns why reading failed; nil: it did not.
func (l *lent) broken() error {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.err
}

func (l *lent) close() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.over = true
	_ = l.body.Close() // it was only read
}
