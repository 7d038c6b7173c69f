package dialogs

// Format says how the text of a message is to be read.
type Format uint8

const (
	// Plain text has no markup.
	Plain Format = iota
	// Marked text may hold **strong** runs and nothing else; words that came
	// from a person never contain the mark.
	Marked
)

// Message is one thing the bot says, in one language, independent of any
// network. Channels degrade it to what they can show.
type Message struct {
	Text    string     // NFC; lines separated by \n
	Format  Format     //
	Buttons [][]Button // rows of choices; nil: none
	Media   []Media    // pictures and documents that belong to it
	Hint    InputHint  // what kind of answer is hoped for, for the keyboard of a phone
}

// SharesPhone says whether a button of m asks for the person's own number.
func (m *Message) SharesPhone() bool {
	for _, row := range m.Buttons {
		for i := range row {
			if row[i].SharePhone {
				return true
			}
		}
	}
	return false
}

// Button is one thing that can be pressed under a message.
type Button struct {
	// ID is what comes back as [Input.Button]. "run.node.choice" answers a
	// question; an ID that starts with "/" is a command and works at any time.
	ID string
	// Label is what it says, 1–4 words.
	Label string
	// On marks a choice that is switched on in a question of several choices.
	On bool
	// SharePhone asks the network for the person's own number; networks that
	// cannot do that leave the button out.
	SharePhone bool
	// URL makes it a link that opens outside the conversation; ID is empty then.
	URL string
}

// MediaKind says how a file is shown.
type MediaKind string

// The kinds of media a message may carry.
const (
	Image    MediaKind = "image"
	Document MediaKind = "document"
)

// Media is a picture or a document that a message carries.
type Media struct {
	Kind MediaKind
	Name string // file name, with ending
	MIME string
	Size int64  // bytes
	Alt  string // what it shows, for those who do not see it
	// Ref names the bytes in the media store of the running program.
	Ref string
}

// InputHint tells a channel which keyboard or control suits the answer.
type InputHint string

// The hints; "" means ordinary text.
const (
	HintNone   InputHint = ""
	HintName   InputHint = "name"
	HintPhone  InputHint = "phone"
	HintEmail  InputHint = "email"
	HintNumber InputHint = "number"
	HintFile   InputHint = "file"
	// HintChoice means that the buttons are all that is hoped for.
	HintChoice InputHint = "choice"
)
