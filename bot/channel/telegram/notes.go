package telegram

import (
	"context"
	"io"
	"io/fs"
	"strconv"
	"sync"
)

// The keys of notes. What concerns one person stands under ofChat, so that it
// can be forgotten with that person.
const (
	noteFile     = "file:"    // + Ref: how and under which id Telegram has the file
	noteGroup    = "group:"   // + chat: it was told where to write
	noteKeyboard = "keyboard" // of a chat: a reply keyboard may be open
	noteButton   = "button:"  // of a chat, + digest: the button's id
	noteWebhook  = "webhook"  // hash of what was set
)

// ofChat is the key of a note about a private chat.
func ofChat(chat int64, key string) string { return "chat:" + strconv.FormatInt(chat, 10) + ":" + key }

// pad is a memory that ends with the program.
type pad struct {
	mu    sync.Mutex
	notes map[string]string
}

func newPad() *pad { return &pad{notes: map[string]string{}} }

// Note returns what was put.
func (p *pad) Note(_ context.Context, key string) (string, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.notes[key], nil
}

// PutNote keeps a value.
func (p *pad) PutNote(_ context.Context, key, value string) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	if value == "" {
		delete(p.notes, key)
		return nil
	}
	p.notes[key] = value
	return nil
}

// noFiles has none.
type noFiles struct{}

// Open finds nothing.
func (noFiles) Open(context.Context, string) (io.ReadCloser, bool, error) {
	return nil, false, fs.ErrNotExist
}
