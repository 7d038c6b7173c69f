package telegramtest

import (
	"slices"
	"time"
)

// Shown is a message as a person sees it.
type Shown struct {
	ID   int64
	Mine bool   // said by the person (in a group: by some person)
	From string // first name of who said it
	At   time.Time
	// Text is what stands there, without markup; with media it is the caption.
	Text     string
	Entities []Entity
	Edited   bool
	// Buttons are the rows of buttons under the message.
	Buttons [][]Button
	// Keyboard is the keyboard that came with it, and RemovesKeyboard whether it
	// took one away. What is there now says [Person.Keyboard].
	Keyboard        [][]ReplyButton
	RemovesKeyboard bool
	Media           *Media   // nil: none
	Contact         *Contact // nil: none
	// Album is the same for all pictures of one album; empty: none.
	Album   string
	ReplyTo int64 // number of the message that it answers; 0: none
}

// Media is a picture or a document.
type Media struct {
	Kind          string // "photo" or "document"
	Name, MIME    string
	Bytes         []byte
	Width, Height int
	FileID        string
}

// Labels are the labels of all buttons under the message.
func (s Shown) Labels() []string {
	var out []string
	for _, b := range slices.Concat(s.Buttons...) {
		out = append(out, b.Text)
	}
	return out
}

func (p *post) shown() Shown {
	m := &p.msg
	out := Shown{ID: m.ID, Mine: p.mine, At: p.at, Text: m.Text + m.Caption, Edited: m.EditDate != 0, Contact: m.Contact, Album: m.MediaGroup, RemovesKeyboard: p.markup.remove}
	out.Entities = slices.Concat(m.Entities, m.CaptionEntities)
	if m.From != nil {
		out.From = m.From.FirstName
	}
	if m.Markup != nil {
		out.Buttons = m.Markup.Rows
	}
	if p.markup.reply != nil {
		out.Keyboard = p.markup.reply.rows
	}
	if m.ReplyTo != nil {
		out.ReplyTo = m.ReplyTo.ID
	}
	if f := p.file; f != nil {
		out.Media = &Media{Kind: string(f.kind), Name: f.name, MIME: f.mime, Bytes: f.bytes, Width: f.width, Height: f.height, FileID: f.id}
	}
	return out
}

// talk is all that is said in a chat.
func (c *room) talk() []Shown {
	out := make([]Shown, 0, len(c.posts))
	for _, p := range c.posts {
		out = append(out, p.shown())
	}
	return out
}

// seen is what the bot said in a chat.
func (c *room) seen() []Shown {
	return slices.DeleteFunc(c.talk(), func(s Shown) bool { return s.Mine })
}

// Seen is what the bot said to the person, oldest first, as it looks now.
func (p *Person) Seen() []Shown {
	p.s.mu.Lock()
	defer p.s.mu.Unlock()
	return p.room.seen()
}

// Talk is what both said, oldest first.
func (p *Person) Talk() []Shown {
	p.s.mu.Lock()
	defer p.s.mu.Unlock()
	return p.room.talk()
}

// Keyboard is what stands below the field to write in now.
func (p *Person) Keyboard() [][]ReplyButton {
	p.s.mu.Lock()
	defer p.s.mu.Unlock()
	if p.room.keyboard == nil {
		return nil
	}
	return p.room.keyboard.rows
}

// Toasts are the answers to the buttons that the person pressed.
func (p *Person) Toasts() []Toast {
	p.s.mu.Lock()
	defer p.s.mu.Unlock()
	return slices.Clone(p.toasts)
}

// Actions are what the bot was seen to be doing.
func (p *Person) Actions() []Action {
	p.s.mu.Lock()
	defer p.s.mu.Unlock()
	return slices.Clone(p.room.actions)
}

// Doing is what the bot is seen to be doing now; empty: nothing.
func (p *Person) Doing() string {
	p.s.mu.Lock()
	defer p.s.mu.Unlock()
	return p.room.doing(p.s.opts.Now())
}

func (c *room) doing(now time.Time) string {
	if n := len(c.actions); n > 0 && c.actions[n-1].ended.After(now) {
		return c.actions[n-1].Action
	}
	return ""
}
