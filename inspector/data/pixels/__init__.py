"""What photo files hold: their own values and their scale, whatever program wrote them."""
