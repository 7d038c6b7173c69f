package dialogs

// InputKind says what reached the bot.
type InputKind uint8

const (
	// InputText is something typed, a command included ("/start class_7f3k").
	InputText InputKind = iota
	// InputPress is a button pressed: Button holds its ID.
	InputPress
	// InputPhone is the person's own number, shared through the network and
	// vouched for by it: Text holds it as the network gave it.
	InputPhone
	// InputFile is a picture or document the person sent: File holds it.
	InputFile
	// InputWake is a due moment of the talk itself (a wait that is over, a
	// nudge): Text holds which.
	InputWake
	// InputOther is something the bot has no use for (a sticker, a place).
	InputOther
)

// Input is one thing that happened in a conversation.
type Input struct {
	Kind   InputKind
	Text   string
	Button string
	File   Media
}

// The values of Input.Text for an InputWake.
const (
	WakeWait  = "wait"
	WakeNudge = "nudge"
)

// Say returns the input of typed text.
func Say(text string) Input { return Input{Kind: InputText, Text: text} }

// Press returns the input of a pressed button.
func Press(id string) Input { return Input{Kind: InputPress, Button: id} }
