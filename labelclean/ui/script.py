"""The script that Streamlit runs again and again; the screen itself is drawn by ``labelclean.ui.main``."""

from labelclean.ui.main import main

main()
