"""Start the app: `streamlit run app.py`."""

from labelclean.ui.main import main

main()
